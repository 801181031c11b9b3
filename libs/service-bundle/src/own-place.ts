import { type AnyNode, type Node, type Program } from 'acorn';
import { calledName, isName, textOf, visit } from './syntax';

/** Which files of its package a module may use. */
export interface PlaceUse {
  /** Relative to the module: files, and folders in which a file is chosen at run time: `path.join(__dirname, 'locales', name)`. */
  readonly paths: readonly string[];
  /** Whether any file of the package may be used, because the module passes on where it is. */
  readonly isPassedOn: boolean;
}

/** Finds out what a module does with its own path. */
export function findPlaceUse(program: Program): PlaceUse {
  const names = new Set(['__dirname', '__filename']);
  const followed = new Set<Node>();
  const paths = new Set<string>();
  let isPassedOn = false;
  const isPlace = (node: AnyNode | undefined): boolean =>
    node !== undefined && (isName(node, ...names) || isModulePlace(node) || isPartOfPlace(node));
  /** The folder of the module, its file, or a folder above it. */
  const isPartOfPlace = (node: AnyNode): boolean => {
    const name = calledName(node);
    if (name === undefined || (node.type !== 'CallExpression' && node.type !== 'NewExpression'))
      return false;
    const [first, ...rest] = node.arguments as AnyNode[];
    if (name === 'URL') return /^\.{0,2}\/?$/.test(textOf(first) ?? 'x') && isPlace(rest[0]);
    return (
      /^(dirname|fileURLToPath|pathToFileURL|normalize|resolve|join|String)$/.test(name) &&
      isPlace(first) &&
      rest.every((each) => /^[./]*$/.test(textOf(each) ?? 'x'))
    );
  };
  // One may be defined by another, in any order.
  for (let before = 0; names.size > before;) {
    before = names.size;
    visit(program, (node) => {
      if (node.type !== 'VariableDeclarator' || node.id.type !== 'Identifier') return;
      if (isPlace(node.init ?? undefined)) names.add(node.id.name);
    });
  }
  const follow = (node: AnyNode | undefined) =>
    node && visit(node, (each) => void followed.add(each));
  const seePath = ([start, ...rest]: readonly (AnyNode | undefined)[]): void => {
    if (!isPlace(start)) return;
    const texts = rest.map(textOf);
    const unknown = texts.indexOf(undefined);
    const known = texts.slice(0, unknown < 0 ? texts.length : unknown).join('/');
    // A folder above or of the module itself is not enough to know what is used.
    if (/^[./]*$/.test(known)) return;
    paths.add(known);
    follow(start);
  };
  visit(program, (node, parent) => {
    const name = calledName(node);
    if (node.type === 'CallExpression' || node.type === 'NewExpression') {
      const given = node.arguments as AnyNode[];
      if (name === 'join' || name === 'resolve') seePath(given);
      if (name === 'URL' && textOf(given[0]) !== undefined) seePath([given[1], given[0]]);
      // The file itself, or where to look for packages.
      if (/^(createRequire|Worker|fork)$/.test(name ?? '')) follow(given[0]);
    }
    if (node.type === 'BinaryExpression') {
      if (node.operator === '+') seePath([node.left as AnyNode, node.right]);
      else if (isPlace(node.left as AnyNode) || isPlace(node.right)) follow(node);
    }
    if (node.type === 'TemplateLiteral' && isPlace(node.expressions[0])) {
      const [, text] = node.quasis;
      const more = node.expressions.slice(1);
      const start = { ...text, type: 'Literal', value: text?.value.cooked } as unknown as AnyNode;
      if (text?.value.cooked) seePath([node.expressions[0], start, ...more]);
    }
    if (node.type === 'UnaryExpression' && isPlace(node.argument)) follow(node.argument);
    if (node.type === 'VariableDeclarator' && isPlace(node.init ?? undefined)) follow(node);
    if (isExportOf(node, names)) isPassedOn = true;
    if (followed.has(node) || !isPlace(node)) return;
    if (isName(node, ...names) && isDeclaration(node, parent)) return;
    isPassedOn = true;
  });
  return { paths: [...paths].sort(), isPassedOn };
}

const isModulePlace = (node: AnyNode): boolean =>
  node.type === 'MemberExpression' &&
  node.object.type === 'MetaProperty' &&
  isName(node.property, 'url', 'dirname', 'filename');

const isExportOf = (node: AnyNode, names: ReadonlySet<string>): boolean =>
  node.type === 'ExportNamedDeclaration' &&
  node.declaration?.type === 'VariableDeclaration' &&
  node.declaration.declarations.some(({ id }) => isName(id, ...names));

/** Whether a name is that of a property, a parameter or a variable, not its value. */
function isDeclaration(node: AnyNode, parent: AnyNode | undefined): boolean {
  if (parent?.type === 'MemberExpression') return parent.object !== node && !parent.computed;
  if (parent?.type === 'Property')
    return parent.key === node && !parent.computed && parent.value !== node;
  if (parent?.type === 'VariableDeclarator') return parent.id === node;
  if (parent?.type === 'AssignmentExpression') return parent.left === node;
  return /Function/.test(parent?.type ?? '');
}
