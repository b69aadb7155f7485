import {
  type Node,
  SyntaxKind,
  isArrayLiteralExpression,
  isBinaryExpression,
  isCallExpression,
  isNumericLiteral,
  isStringLiteral,
} from 'typescript/unstable/ast';
import type { Edit } from '../mutant.ts';
import { isLogCall, spanInList, typeOfLiteral } from './syntax.ts';

/** The sabotages that `wireRules` know of one place. */
export function wireEditsAt(node: Node): Edit[] {
  return [...shiftedBounds(node), ...droppedElements(node), ...changedTexts(node), ...changedNumbers(node)];
}

const otherEdge: ReadonlyMap<SyntaxKind, string> = new Map([
  [SyntaxKind.LessThanToken, '<='],
  [SyntaxKind.LessThanEqualsToken, '<'],
  [SyntaxKind.GreaterThanToken, '>='],
  [SyntaxKind.GreaterThanEqualsToken, '>'],
]);

/** Each comparison of sizes takes its edge in, or leaves it out. */
function shiftedBounds(node: Node): Edit[] {
  if (!isBinaryExpression(node)) return [];
  const { operatorToken } = node;
  const after = otherEdge.get(operatorToken.kind);
  return after === undefined
    ? []
    : [{ rule: 'shift bound', start: operatorToken.getStart(), end: operatorToken.end, after }];
}

/** Each element of a list, except the effects, for which there is a rule. */
function droppedElements(node: Node): Edit[] {
  if (!isArrayLiteralExpression(node)) return [];
  return node.elements
    .filter((element) => typeOfLiteral(element) === null)
    .map((element) => ({ rule: 'drop element', ...spanInList(node.elements, element), after: '' }));
}

/** Each word of a protocol: a text without a space. Sentences are for people, and what a log calls a line is for the operator. */
function changedTexts(node: Node): Edit[] {
  if (!isStringLiteral(node) || node.text === '' || /\s/.test(node.text)) return [];
  const { parent } = node;
  if (isOutsideOfCode(parent) || (isCallExpression(parent) && isLogCall(parent))) return [];
  const written = node.getText();
  return [{ rule: 'change text', start: node.getStart(), end: node.end, after: `${written.slice(0, -1)}~'` }];
}

/** Each number is doubled, and nothing becomes one: a bound that is off by so much must be seen. */
function changedNumbers(node: Node): Edit[] {
  if (!isNumericLiteral(node) || isOutsideOfCode(node.parent)) return [];
  const number = Number(node.text);
  return [
    { rule: 'change number', start: node.getStart(), end: node.end, after: String(number === 0 ? 1 : number * 2) },
  ];
}

/** Whether what stands right below is a type, or the name of a module. */
function isOutsideOfCode({ kind }: Node): boolean {
  return (
    kind === SyntaxKind.LiteralType || kind === SyntaxKind.ImportDeclaration || kind === SyntaxKind.IndexedAccessType
  );
}
