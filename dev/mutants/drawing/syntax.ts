import {
  type CallExpression,
  type Expression,
  type Node,
  type NodeArray,
  SyntaxKind,
  isBinaryExpression,
  isCallExpression,
  isConstructorDeclaration,
  isIdentifier,
  isMethodDeclaration,
  isObjectLiteralExpression,
  isPropertyAccessExpression,
  isPropertyAssignment,
  isStringLiteral,
} from 'typescript/unstable/ast';

/** The name of the method that is called, such as `do`, or null when what is called is no method. */
export function methodCalled(call: CallExpression): string | null {
  return isPropertyAccessExpression(call.expression) ? call.expression.name.text : null;
}

const logLevels: ReadonlySet<string> = new Set(['trace', 'debug', 'info', 'warn', 'error']);

/** Whether a call writes a line of the log. */
export function isLogCall(call: CallExpression): boolean {
  const method = methodCalled(call);
  return method !== null && logLevels.has(method) && /\blog\.\w+$/.test(call.expression.getText());
}

/** The `type` that an object literal says it has, or null. */
export function typeOfLiteral(node: Node): string | null {
  if (!isObjectLiteralExpression(node)) return null;
  for (const property of node.properties) {
    const isType = isPropertyAssignment(property) && isIdentifier(property.name) && property.name.text === 'type';
    if (isType && isStringLiteral(property.initializer)) return property.initializer.text;
  }
  return null;
}

/** The span to be cut so that a list is without this element: its comma goes with it. */
export function spanInList(list: NodeArray<Expression>, element: Expression): { start: number; end: number } {
  const at = list.indexOf(element);
  const [previous, next] = [list[at - 1], list[at + 1]];
  if (next !== undefined) return { start: element.getStart(), end: next.getStart() };
  return { start: previous?.end ?? element.getStart(), end: element.end };
}

const assignments: ReadonlySet<SyntaxKind> = new Set([
  SyntaxKind.EqualsToken,
  SyntaxKind.PlusEqualsToken,
  SyntaxKind.MinusEqualsToken,
  SyntaxKind.QuestionQuestionEqualsToken,
  SyntaxKind.BarBarEqualsToken,
  SyntaxKind.AmpersandAmpersandEqualsToken,
]);

export function isAssignment(node: Node): boolean {
  return isBinaryExpression(node) && assignments.has(node.operatorToken.kind);
}

const booleanOperators: ReadonlySet<SyntaxKind> = new Set([
  SyntaxKind.EqualsEqualsEqualsToken,
  SyntaxKind.ExclamationEqualsEqualsToken,
  SyntaxKind.LessThanToken,
  SyntaxKind.LessThanEqualsToken,
  SyntaxKind.GreaterThanToken,
  SyntaxKind.GreaterThanEqualsToken,
  SyntaxKind.AmpersandAmpersandToken,
  SyntaxKind.BarBarToken,
  SyntaxKind.InKeyword,
]);

/** Whether an expression is a truth value by its form: a literal, a comparison, or what joins them. */
export function isTruth(node: Node): boolean {
  switch (node.kind) {
    case SyntaxKind.TrueKeyword:
    case SyntaxKind.FalseKeyword:
      return true;
    case SyntaxKind.PrefixUnaryExpression:
      return node.getText().startsWith('!');
    default:
      return isBinaryExpression(node) && booleanOperators.has(node.operatorToken.kind);
  }
}

/** Whether the value of this expression is used where it stands, and is not what is assigned to, declared or named. */
export function isRead(node: Node): boolean {
  const { parent } = node;
  if (isBinaryExpression(parent)) return parent.right === node || !isAssignment(parent);
  if (isPropertyAssignment(parent)) return parent.initializer === node;
  if (isCallExpression(parent)) return parent.expression !== node;
  return readers.has(parent.kind);
}

const readers: ReadonlySet<SyntaxKind> = new Set([
  SyntaxKind.ConditionalExpression,
  SyntaxKind.IfStatement,
  SyntaxKind.ParenthesizedExpression,
  SyntaxKind.PrefixUnaryExpression,
  SyntaxKind.ReturnStatement,
  SyntaxKind.TemplateSpan,
  SyntaxKind.VariableDeclaration,
]);

/** Whether the function around a node gives nothing back, as far as it says so. */
export function isInVoidMethod(node: Node): boolean {
  const method = methodAround(node);
  return method !== undefined && isMethodDeclaration(method) && method.type?.kind === SyntaxKind.VoidKeyword;
}

export function isInConstructor(node: Node): boolean {
  const method = methodAround(node);
  return method !== undefined && isConstructorDeclaration(method);
}

const functions: ReadonlySet<SyntaxKind> = new Set([
  SyntaxKind.ArrowFunction,
  SyntaxKind.Constructor,
  SyntaxKind.FunctionDeclaration,
  SyntaxKind.FunctionExpression,
  SyntaxKind.GetAccessor,
  SyntaxKind.MethodDeclaration,
]);

function methodAround(node: Node): Node | undefined {
  let around = node.parent;
  while (!functions.has(around.kind)) {
    if (around.kind === SyntaxKind.SourceFile) return undefined;
    around = around.parent;
  }
  return around;
}
