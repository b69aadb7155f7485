import {
  type Node,
  type SourceFile,
  SyntaxKind,
  isArrayLiteralExpression,
  isArrowFunction,
  isCallExpression,
  isConditionalExpression,
  isExpressionStatement,
  isIdentifier,
  isIfStatement,
  isPrivateIdentifier,
  isPropertyAccessExpression,
  isReturnStatement,
} from 'typescript/unstable/ast';
import type { Edit, RuleName } from '../mutant.ts';
import {
  isAssignment,
  isInConstructor,
  isInVoidMethod,
  isLogCall,
  isRead,
  isTruth,
  methodCalled,
  spanInList,
  typeOfLiteral,
} from './syntax.ts';
import { wireEditsAt } from './wire-rules.ts';

/** What stands where a call stood whose result nobody uses: it can be a statement, be returned, or follow an arrow. */
const nothing = 'void 0';

/** All sabotages of a file, in the order of its text. `names` are the names that occur anywhere. */
export function editsOf(tree: SourceFile, names: ReadonlySet<string>): Edit[] {
  const edits: Edit[] = [];
  const visit = (node: Node): void => {
    edits.push(...editsAt(node, names));
    node.forEachChild(visit);
  };
  visit(tree);
  return edits;
}

/** All names that a file declares or uses, those of private members with their `#`. */
export function namesIn(tree: SourceFile): string[] {
  const names: string[] = [];
  const visit = (node: Node): void => {
    if (isIdentifier(node) || isPrivateIdentifier(node)) names.push(node.text);
    node.forEachChild(visit);
  };
  visit(tree);
  return names;
}

function editsAt(node: Node, names: ReadonlySet<string>): Edit[] {
  return [
    ...droppedEffects(node),
    ...droppedNotes(node),
    ...negatedGuards(node),
    ...omittedDeadlines(node),
    ...keptDeadlines(node),
    ...sentAsHeard(node, names),
    ...negatedAnswers(node),
    ...forgottenChanges(node),
    ...skippedSteps(node),
    ...wireEditsAt(node),
  ];
}

function replaced(rule: RuleName, node: Node, after: string): Edit {
  return { rule, start: node.getStart(), end: node.end, after };
}

/** Each effect that is ordered with `do`, or is given back in a list. */
function droppedEffects(node: Node): Edit[] {
  if (isArrayLiteralExpression(node)) {
    return node.elements.flatMap((element) => {
      const type = typeOfLiteral(element);
      return type === null ? [] : [{ rule: ruleOf(type), ...spanInList(node.elements, element), after: '' }];
    });
  }
  if (!isCallExpression(node) || methodCalled(node) !== 'do') return [];
  const [only, ...others] = node.arguments;
  if (only !== undefined && others.length === 0) return [replaced(ruleOf(typeOfLiteral(only)), node, nothing)];
  return node.arguments.map((effect) => {
    return {
      rule: ruleOf(typeOfLiteral(effect)),
      ...spanInList(node.arguments, effect),
      after: '',
    };
  });
}

function ruleOf(type: string | null): RuleName {
  return type === 'note' ? 'drop note' : 'drop effect';
}

function droppedNotes(node: Node): Edit[] {
  if (!isCallExpression(node)) return [];
  const method = methodCalled(node);
  const isNote = method === 'note' || method === 'noteFault' || isLogCall(node);
  return isNote ? [replaced('drop note', node, nothing)] : [];
}

function negatedGuards(node: Node): Edit[] {
  const condition = isIfStatement(node) ? node.expression : isConditionalExpression(node) ? node.condition : null;
  return condition === null ? [] : [replaced('negate guard', condition, `!(${condition.getText()})`)];
}

function omittedDeadlines(node: Node): Edit[] {
  if (!isCallExpression(node)) return [];
  const method = methodCalled(node);
  return method === 'wait' || method === 'waitUntil' ? [replaced('omit deadline', node, nothing)] : [];
}

/** A deadline stays although nobody waits for it any more: each name of a list by itself. */
function keptDeadlines(node: Node): Edit[] {
  if (!isCallExpression(node)) return [];
  const method = methodCalled(node);
  if (method === 'stopAllWaiting') return [replaced('keep deadline', node, nothing)];
  if (method !== 'stopWaiting') return [];
  if (node.arguments.length === 1) return [replaced('keep deadline', node, nothing)];
  return node.arguments.map((name) => ({
    rule: 'keep deadline',
    ...spanInList(node.arguments, name),
    after: '',
  }));
}

/** Audio counts as heard once it is sent: what was heard is what was sent, nothing is unheard, and the agent is always silent. */
function sentAsHeard(node: Node, names: ReadonlySet<string>): Edit[] {
  const name = isPropertyAccessExpression(node) ? node.name : isIdentifier(node) ? node : null;
  if (name === null || !isRead(node)) return [];
  const after = heardAtOnce(name.text);
  if (after === null) return [];
  if (after.isValue) return [replaced('count sent as heard', node, after.text)];
  return names.has(after.text) ? [replaced('count sent as heard', name, after.text)] : [];
}

function heardAtOnce(name: string): { text: string; isValue: boolean } | null {
  if (/unheard\w*(?:Ms|Bytes)$/i.test(name)) return { text: '0', isValue: true };
  if (/^(?:is|agentIs)(?:Heard|Silent|Empty)$/.test(name)) return { text: 'true', isValue: true };
  if (!/heard/i.test(name) || /unheard/i.test(name)) return null;
  return { text: name.replace('heard', 'sent').replace('Heard', 'Sent'), isValue: false };
}

/** Each truth value that a function gives back. */
function negatedAnswers(node: Node): Edit[] {
  const answer = isReturnStatement(node) ? node.expression : isArrowFunction(node) ? node.body : undefined;
  if (answer === undefined || !isTruth(answer)) return [];
  return [replaced('negate answer', answer, negated(answer))];
}

function negated(truth: Node): string {
  if (truth.kind === SyntaxKind.TrueKeyword) return 'false';
  return truth.kind === SyntaxKind.FalseKeyword ? 'true' : `!(${truth.getText()})`;
}

/** What a member or an element is set to. A constructor that forgets its fields would fail at once and prove nothing. */
function forgottenChanges(node: Node): Edit[] {
  if (!isExpressionStatement(node) || !isAssignment(node.expression) || isInConstructor(node)) return [];
  return [replaced('forget change', node.expression, nothing)];
}

const methodsOfOtherRules: ReadonlySet<string> = new Set([
  'do',
  'note',
  'noteFault',
  'wait',
  'waitUntil',
  'stopWaiting',
  'stopAllWaiting',
]);

/** Each call whose result nobody uses, also where it is the last step of a method that gives nothing back. */
function skippedSteps(node: Node): Edit[] {
  const isStep = isExpressionStatement(node) || (isReturnStatement(node) && isInVoidMethod(node));
  const call = isStep ? node.expression : undefined;
  if (call === undefined || !isCallExpression(call)) return [];
  const method = methodCalled(call);
  if (method === null || methodsOfOtherRules.has(method) || isLogCall(call)) return [];
  return [replaced('skip step', call, nothing)];
}
