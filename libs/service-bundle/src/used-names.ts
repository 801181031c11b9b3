import { parse } from 'acorn';
import { type UsedNames } from './reference';

/**
 * What a linked ES module still imports, per module: esbuild has left out of it what nothing uses. A module that is imported for
 * its effects alone has no names.
 *
 * @param code ES module that esbuild has written, imports at its top level
 */
export function usedNames(code: string): ReadonlyMap<string, UsedNames> {
  const used = new Map<string, UsedNames>();
  const add = (source: unknown, names: readonly string[] | 'all') => {
    const module = String(source);
    const known = used.get(module);
    const all = names === 'all' || known === 'all';
    used.set(module, all ? 'all' : new Set([...(known ?? []), ...names]));
  };
  for (const node of parse(code, { ecmaVersion: 'latest', sourceType: 'module' }).body) {
    if (node.type === 'ExportAllDeclaration') add(node.source.value, 'all');
    if (node.type === 'ExportNamedDeclaration' && node.source) {
      const names = node.specifiers.map(({ local }) => nameOf(local));
      add(node.source.value, names);
    }
    if (node.type === 'ImportDeclaration') {
      const names = node.specifiers.map((specifier) => {
        if (specifier.type === 'ImportNamespaceSpecifier') return undefined;
        return specifier.type === 'ImportSpecifier' ? nameOf(specifier.imported) : 'default';
      });
      const isWhole = names.includes(undefined);
      add(node.source.value, isWhole ? 'all' : names.filter((name) => name !== undefined));
    }
  }
  return used;
}

const nameOf = (node: { type: string; name?: string; value?: unknown }) =>
  node.type === 'Identifier' ? (node.name ?? '') : String(node.value);
