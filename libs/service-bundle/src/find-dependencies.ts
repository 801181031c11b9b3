import { parse, type Program } from 'acorn';
import { init, parse as findImports } from 'es-module-lexer';
import { atThirdParty, type Dependency, identityOf, type Reference } from './dependency';
import { link, type LinkContext, tsConfigOf } from './link-pass';
import { placeOf } from './shipped-files';

const prefix = 'dependency:';

export interface UsedDependencies {
  readonly dependencies: readonly Dependency[];
  /** The linked own code; its strings may name packages that are loaded at run time. */
  readonly ownCode: string;
}

/** Links the own code without third-party code, to find out which names of which package it uses. */
export async function findDependencies(context: LinkContext): Promise<UsedDependencies> {
  const { plan, ownCode, resolved } = context;
  const references = new Map<string, Reference>();
  const collect = atThirdParty(plan.workspaceRoot, resolved, (reference) => {
    const identity = identityOf(reference);
    const known = references.get(identity);
    // esbuild reads files in parallel: the result must not depend on their order.
    if (!known || isBefore(reference, known)) references.set(identity, reference);
    return { path: `${prefix}${identity}`, external: true };
  });
  const { text, imports } = await link(context, {
    entryPoints: [plan.main],
    tsconfig: tsConfigOf(plan),
    outfile: 'scan.js',
    format: 'esm',
    banner: {},
    plugins: [...ownCode, collect],
  });
  const used = await usedNames(text);
  for (const { path, kind } of imports) if (kind !== 'import-statement') used.set(path, 'all');
  const keyOf = keysOf([...references.values()], plan.workspaceRoot);
  const dependencies = [...references]
    .flatMap(([identity, reference]) => {
      const names = used.get(`${prefix}${identity}`);
      return names ? [{ ...reference, key: keyOf(reference), names }] : [];
    })
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  return { dependencies, ownCode: text };
}

const isBefore = (a: Reference, b: Reference) =>
  `${a.specifier}\0${a.from}` < `${b.specifier}\0${b.from}`;

/**
 * A key depends only on the set of references, not on their order, so that it does not change with unrelated own code. It
 * contains the path of a module only if two have the same name.
 */
function keysOf(references: readonly Reference[], workspaceRoot: string) {
  const names = references.map(nameOf);
  return (reference: Reference): string => {
    const name = nameOf(reference);
    const isAmbiguous = names.indexOf(name) !== names.lastIndexOf(name);
    return isAmbiguous ? `${name} in ${placeOf(workspaceRoot, reference.file)}` : name;
  };
}

const nameOf = ({ specifier, style, strict }: Reference) =>
  `${specifier}${style === 'require' ? ' (require)' : strict ? ' (esm)' : ''}`;

/**
 * The names that a linked ES module imports, per module: esbuild has removed unused ones. A module that is imported only for its
 * side effects has no names.
 *
 * @param code written by esbuild, imports at its top level
 */
async function usedNames(code: string): Promise<Map<string, Dependency['names']>> {
  const used = new Map<string, Dependency['names']>();
  const add = (source: unknown, names: readonly string[] | 'all') => {
    const module = String(source);
    const known = used.get(module);
    const all = names === 'all' || known === 'all';
    used.set(module, all ? 'all' : new Set([...(known ?? []), ...names]));
  };
  for (const node of await importsOf(code)) {
    if (node.type === 'ExportAllDeclaration') add(node.source.value, 'all');
    if (node.type === 'ExportNamedDeclaration' && node.source) {
      add(
        node.source.value,
        node.specifiers.map(({ local }) => exportName(local)),
      );
    }
    if (node.type === 'ImportDeclaration') {
      const isNamespace = node.specifiers.some(({ type }) => type === 'ImportNamespaceSpecifier');
      const names = node.specifiers.map((specifier) =>
        specifier.type === 'ImportSpecifier' ? exportName(specifier.imported) : 'default',
      );
      add(node.source.value, isNamespace ? 'all' : names);
    }
  }
  return used;
}

/** The import and export statements that name a module. The lexer finds them without parsing everything between them. */
async function importsOf(code: string): Promise<Program['body']> {
  await init;
  const [found] = findImports(code);
  const statements = found.filter(({ d: dynamic }) => dynamic === -1);
  const text = statements.map(({ ss: start, se: end }) => code.slice(start, end)).join(';\n');
  return parse(text, { ecmaVersion: 'latest', sourceType: 'module' }).body;
}

const exportName = (node: { type: string; name?: string; value?: unknown }) =>
  node.type === 'Identifier' ? (node.name ?? '') : String(node.value);
