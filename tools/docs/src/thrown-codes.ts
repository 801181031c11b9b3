import ts from 'typescript';

const codePattern = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/;

/**
 * The error codes that a module names: the first argument of `new SomeError(...)` and of `fail(...)`, a property `code`,
 * what a function `codeOf` returns, and the values of a table `STATUS_CODE`.
 */
export function thrownCodes(text: string): readonly string[] {
  const source = ts.createSourceFile('module.ts', text, ts.ScriptTarget.ESNext, true);
  return [...new Set(codeExpressions(source).flatMap(codesIn))].sort();
}

function codeExpressions(node: ts.Node): readonly ts.Node[] {
  const here = codeExpressionOf(node);
  const below: ts.Node[] = [];
  node.forEachChild((child) => void below.push(...codeExpressions(child)));
  return here ? [here, ...below] : below;
}

function codeExpressionOf(node: ts.Node): ts.Node | undefined {
  if (ts.isNewExpression(node) && /Error$/.test(node.expression.getText())) {
    return node.expression.getText() === 'Error' ? undefined : node.arguments?.[0];
  }
  if (ts.isCallExpression(node) && node.expression.getText() === 'fail') return node.arguments[0];
  if (ts.isPropertyAssignment(node) || ts.isPropertyDeclaration(node)) {
    return node.name.getText() === 'code' ? node.initializer : undefined;
  }
  if (ts.isVariableDeclaration(node) && node.name.getText() === 'STATUS_CODE') {
    return node.initializer;
  }
  if (ts.isReturnStatement(node)) return isInCodeOf(node) ? node.expression : undefined;
  return undefined;
}

function isInCodeOf(node: ts.Node): boolean {
  const parent = ts.findAncestor(node, ts.isFunctionDeclaration);
  return parent?.name?.text === 'codeOf';
}

/** Alternatives of `a ?? 'X'` and `a ? 'X' : 'Y'` count; texts inside of calls do not. */
function codesIn(node: ts.Node): readonly string[] {
  if (ts.isStringLiteralLike(node)) return codePattern.test(node.text) ? [node.text] : [];
  if (ts.isParenthesizedExpression(node)) return codesIn(node.expression);
  if (ts.isBinaryExpression(node)) return [node.left, node.right].flatMap(codesIn);
  if (ts.isConditionalExpression(node)) return [node.whenTrue, node.whenFalse].flatMap(codesIn);
  if (ts.isObjectLiteralExpression(node)) return node.properties.flatMap(codesIn);
  return ts.isPropertyAssignment(node) ? codesIn(node.initializer) : [];
}
