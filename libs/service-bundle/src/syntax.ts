import { type AnyNode, type Node, parse, type Program } from 'acorn';

/** The syntax of a CommonJS or ES module; undefined if it is not JavaScript. */
export function parseModule(source: string): Program | undefined {
  const options = {
    ecmaVersion: 'latest',
    allowHashBang: true,
    allowReturnOutsideFunction: true,
  } as const;
  for (const sourceType of ['script', 'module'] as const) {
    try {
      return parse(source, { ...options, sourceType });
    } catch {
      // Another kind of module, or not JavaScript: JSON, for example.
    }
  }
  return undefined;
}

/** @param see returns false to leave out what is inside of the node */
export function visit(
  root: Node,
  see: (node: AnyNode, parent: AnyNode | undefined) => boolean | void,
): void {
  const open: [AnyNode, AnyNode | undefined][] = [[root as AnyNode, undefined]];
  for (let next = open.pop(); next; next = open.pop()) {
    const [node, parent] = next;
    if (see(node, parent) === false) continue;
    // Modules of millions of nodes exist: without arrays of the values.
    for (const key in node) {
      const value: unknown = node[key as keyof AnyNode];
      if (Array.isArray(value)) {
        for (const child of value as unknown[]) if (isNode(child)) open.push([child, node]);
      } else if (isNode(value)) {
        open.push([value, node]);
      }
    }
  }
}

const isNode = (value: unknown): value is AnyNode =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';

export const isName = (node: Node | null | undefined, ...names: readonly string[]): boolean =>
  node?.type === 'Identifier' && names.includes((node as Node & { name: string }).name);

/** The last name of what is called: `join` of `join(...)` and of `path.join(...)`. */
export function calledName(node: AnyNode | undefined): string | undefined {
  if (node?.type !== 'CallExpression' && node?.type !== 'NewExpression') return undefined;
  const { callee } = node;
  const named = callee.type === 'MemberExpression' ? callee.property : callee;
  return named.type === 'Identifier' ? named.name : undefined;
}

/** The text of a literal, or of a template without expressions. */
export function textOf(node: AnyNode | undefined): string | undefined {
  if (node?.type === 'Literal' && typeof node.value === 'string') return node.value;
  if (node?.type === 'TemplateLiteral' && node.expressions.length === 0)
    return node.quasis[0]?.value.cooked ?? undefined;
  return undefined;
}
