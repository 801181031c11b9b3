import { isBuiltin } from 'node:module';
import { type AnyNode, type Node, parse, type Program } from 'acorn';

/** A trait of a module that a bundle would break. The text is printed after the name of its package. */
export type Trait = 'reads its own files' | 'starts workers' | 'resolves modules at run time';

export interface FileUse {
  readonly traits: ReadonlySet<Trait>;
  /** Whether it requires a module by a name that only the running program knows. */
  readonly requiresByName: boolean;
}

/** Cheap, and true for every module that `findFileUse` finds something in. */
const mayUseFiles =
  /__dirname|__filename|import\.meta\.|worker_threads|child_process|require\.resolve|\brequire\s*\((?!\s*['"])|\bimport\s*\((?!\s*['"])/;

/** Finds out by the syntax of a third-party module whether it works without its own files. */
export function findFileUse(source: string): FileUse {
  const traits = new Set<Trait>();
  let requiresByName = false;
  const program = mayUseFiles.test(source) ? parseModule(source) : undefined;
  const startsWorkers = /\bworker_threads\b|\bchild_process\b/.test(source);
  if (program) {
    const required = createdRequires(program);
    visit(program, (node, parent) => {
      if (isOwnPlace(node, parent)) traits.add('reads its own files');
      if (startsWorkers && isWorker(node)) traits.add('starts workers');
      if (isResolve(node)) traits.add('resolves modules at run time');
      if (isRequireByName(node) || isCreateRequire(node)) requiresByName = true;
      if (requiresOwnFile(node, required)) traits.add('reads its own files');
    });
  }
  return { traits, requiresByName };
}

/** The string literals of a program. */
export function stringsOf(source: string): ReadonlySet<string> {
  const strings = new Set<string>();
  const program = parseModule(source);
  if (program) {
    visit(program, (node) => {
      if (node.type === 'Literal' && typeof node.value === 'string') strings.add(node.value);
    });
  }
  return strings;
}

/** Whether a module loads another one only when a function of it is called. */
export function isLoadedLate(source: string, specifier: string): boolean {
  const program = parseModule(source);
  const all = program ? countLoads(program, specifier) : 0;
  let late = 0;
  if (program) {
    visit(program, (node) => {
      if (isFunction(node)) late += countLoads(node, specifier);
      return !isFunction(node);
    });
  }
  return all > 0 && all === late;
}

const isFunction = (node: AnyNode | undefined): boolean => /Function/.test(node?.type ?? '');

function countLoads(root: Node, specifier: string): number {
  let count = 0;
  visit(root, (node) => {
    const isRequire = node.type === 'CallExpression' && isName(node.callee, 'require');
    const source =
      node.type === 'ImportExpression' || node.type === 'ImportDeclaration'
        ? node.source
        : isRequire
          ? node.arguments[0]
          : undefined;
    if (source?.type === 'Literal' && source.value === specifier) count += 1;
  });
  return count;
}

function parseModule(source: string): Program | undefined {
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
function visit(
  root: Node,
  see: (node: AnyNode, parent: AnyNode | undefined) => boolean | void,
): void {
  const open: [AnyNode, AnyNode | undefined][] = [[root as AnyNode, undefined]];
  for (let next = open.pop(); next; next = open.pop()) {
    const [node, parent] = next;
    if (see(node, parent) === false) continue;
    for (const child of Object.values(node).flat() as unknown[]) {
      if (isNode(child)) open.push([child, node]);
    }
  }
}

const isNode = (value: unknown): value is AnyNode =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';

const isName = (node: Node | null | undefined, ...names: readonly string[]): boolean =>
  node?.type === 'Identifier' && names.includes((node as Node & { name: string }).name);

/** `__dirname`, `import.meta.url` and the like, except in a test of whether they exist. */
function isOwnPlace(node: AnyNode, parent: AnyNode | undefined): boolean {
  if (parent?.type === 'UnaryExpression') return false;
  if (node.type === 'MemberExpression' && node.object.type === 'MetaProperty') {
    return (
      isName(node.property, 'url', 'dirname', 'filename', 'resolve') && !isCreateRequire(parent)
    );
  }
  if (!isName(node, '__dirname', '__filename')) return false;
  if (isCreateRequire(parent)) return false;
  if (parent?.type === 'MemberExpression') return parent.object === node || parent.computed;
  if (parent?.type === 'Property') return parent.value === node && parent.key !== node;
  // A declaration of that name: its initial value is what counts.
  return parent?.type !== 'VariableDeclarator' || parent.init === node;
}

const isCreateRequire = (node: AnyNode | undefined): boolean =>
  node?.type === 'CallExpression' &&
  isName(
    node.callee.type === 'MemberExpression' ? node.callee.property : node.callee,
    'createRequire',
  );

/** The variables that hold the result of `createRequire`, which esbuild does not follow. */
function createdRequires(program: Program): readonly string[] {
  const names: string[] = [];
  visit(program, (node) => {
    if (node.type !== 'VariableDeclarator' || node.id.type !== 'Identifier') return;
    if (isCreateRequire(node.init ?? undefined)) names.push(node.id.name);
  });
  return names;
}

function requiresOwnFile(node: AnyNode, required: readonly string[]): boolean {
  if (node.type !== 'CallExpression') return false;
  const { callee } = node;
  const called = callee.type === 'MemberExpression' ? callee.object : callee;
  const [argument] = node.arguments;
  return (
    (isName(called, ...required) || isCreateRequire(called as AnyNode)) &&
    argument?.type === 'Literal' &&
    !isBuiltin(String(argument.value))
  );
}

function isWorker(node: AnyNode): boolean {
  if (node.type !== 'NewExpression' && node.type !== 'CallExpression') return false;
  const { callee } = node;
  const called = callee.type === 'MemberExpression' ? callee.property : callee;
  return isName(called, node.type === 'NewExpression' ? 'Worker' : 'fork');
}

const isResolve = (node: AnyNode): boolean =>
  node.type === 'CallExpression' &&
  node.callee.type === 'MemberExpression' &&
  isName(node.callee.object, 'require') &&
  isName(node.callee.property, 'resolve');

function isRequireByName(node: AnyNode): boolean {
  if (node.type === 'ImportExpression') return isUnknown(node.source);
  if (node.type !== 'CallExpression' || !isName(node.callee, 'require')) return false;
  const [argument] = node.arguments;
  return node.arguments.length === 1 && argument !== undefined && isUnknown(argument);
}

/** esbuild bundles all files that `"./folder/" + name` may mean. */
function isUnknown(node: AnyNode): boolean {
  if (node.type === 'Literal') return false;
  if (node.type === 'TemplateLiteral') {
    const [start] = node.quasis;
    return node.expressions.length > 0 && !/^\.\.?\//.test(start?.value.raw ?? '');
  }
  if (node.type === 'BinaryExpression' && node.left.type === 'Literal')
    return !/^\.\.?\//.test(String(node.left.value));
  return true;
}
