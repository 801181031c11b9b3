import { isBuiltin } from 'node:module';
import { type AnyNode, type Node, type Program } from 'acorn';
import { findPlaceUse, type PlaceUse } from './own-place';
import { calledName, isName, parseModule, textOf, visit } from './syntax';

/** A trait of a module that a bundle would break. The text is printed after the name of its package. */
export type Trait = 'reads its own files' | 'starts workers' | 'resolves modules at run time';

export interface FileUse {
  readonly traits: ReadonlySet<Trait>;
  /** Whether it requires a module by a name that only the running program knows. */
  readonly requiresByName: boolean;
}

/** Cheap, and true for every module that `findFileUse` finds something in. */
const mayUseFiles =
  /__dirname|__filename|import\.meta\.|worker_threads|child_process|require\.resolve|\brequire\s*\((?!\s*['"])|=\s*require\s*[;,\n]|\bimport\s*\((?!\s*['"])/;

/** Finds out by the syntax of a third-party module whether it works without its own files. */
export function findFileUse(source: string): FileUse {
  const traits = new Set<Trait>();
  let requiresByName = false;
  const program = mayUseFiles.test(source) ? parseModule(source) : undefined;
  const startsWorkers = /\bworker_threads\b|\bchild_process\b/.test(source);
  if (program) {
    const required = otherRequires(program);
    visit(program, (node, parent) => {
      if (isOwnPlace(node, parent)) traits.add('reads its own files');
      if (startsWorkers && isWorker(node)) traits.add('starts workers');
      if (isResolve(node)) traits.add('resolves modules at run time');
      if (isRequireByName(node, required) || isCreateRequire(node)) requiresByName = true;
      if (chosenFolder(node, required) !== undefined) traits.add('resolves modules at run time');
      if (requiresOwnFile(node, required)) traits.add('reads its own files');
    });
  }
  return { traits, requiresByName };
}

/** Finds out which files of its package a third-party module uses beside what it requires. */
export function findOwnFiles(source: string): PlaceUse {
  const program = mayUseFiles.test(source) ? parseModule(source) : undefined;
  if (!program) return { paths: [], isPassedOn: false };
  const { paths, isPassedOn } = findPlaceUse(program);
  const chosen = new Set(paths);
  const required = otherRequires(program);
  visit(program, (node) => {
    const folder = chosenFolder(node, required);
    if (folder !== undefined) chosen.add(folder);
  });
  return { paths: [...chosen], isPassedOn };
}

/** The string literals of a program, except the names of modules in its imports: the linker sees these. */
export function stringsOf(source: string): ReadonlySet<string> {
  const strings = new Set<string>();
  const program = parseModule(source);
  if (program) {
    visit(program, (node, parent) => {
      if (node.type !== 'Literal' || typeof node.value !== 'string' || isSource(node, parent))
        return;
      strings.add(node.value);
    });
  }
  return strings;
}

/** The names that are string literals of a program. It is parsed only if one of them is in quotation marks. */
export function literalsAmong(names: readonly string[], source: string): readonly string[] {
  const quoted = (name: string) => [`"${name}"`, `'${name}'`].some((each) => source.includes(each));
  const candidates = names.filter(quoted);
  if (candidates.length === 0) return [];
  const strings = stringsOf(source);
  return candidates.filter((name) => strings.has(name));
}

const isSource = (node: AnyNode, parent: AnyNode | undefined): boolean =>
  (parent !== undefined && 'source' in parent && parent.source === node) ||
  (parent?.type === 'CallExpression' && isName(parent.callee, 'require'));

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
  calledName(node) === 'createRequire';

/** The variables that hold `require` or the result of `createRequire`, which esbuild does not follow. */
function otherRequires(program: Program): readonly string[] {
  const names: string[] = [];
  const add = (target: AnyNode, value: AnyNode | null | undefined) => {
    if (target.type !== 'Identifier' || target.name === 'require') return;
    if (isCreateRequire(value ?? undefined) || isName(value, 'require')) names.push(target.name);
  };
  visit(program, (node) => {
    if (node.type === 'VariableDeclarator') add(node.id, node.init);
    if (node.type === 'AssignmentExpression') add(node.left, node.right);
  });
  return names;
}

/** The folder of `load('./folder/' + name)`, which esbuild bundles only if `load` is `require` itself. */
function chosenFolder(node: AnyNode, required: readonly string[]): string | undefined {
  if (node.type !== 'CallExpression' || !isName(node.callee, ...required)) return undefined;
  const [argument] = node.arguments;
  const start =
    argument?.type === 'BinaryExpression'
      ? textOf(argument.left as AnyNode)
      : argument?.type === 'TemplateLiteral'
        ? argument.quasis[0]?.value.raw
        : undefined;
  return /^(\.\.?\/.*)\/[^/]*$/.exec(start ?? '')?.[1];
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

function isRequireByName(node: AnyNode, required: readonly string[]): boolean {
  if (node.type === 'ImportExpression') return isUnknown(node.source);
  if (node.type !== 'CallExpression' || !isName(node.callee, 'require', ...required)) return false;
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
