import { type Dependency } from './reference';

/**
 * A module that passes on what is used of a dependency, and no more. Both sides of a bundle have one for each dependency: in
 * `dependencies/` it passes on the package, in `service/` what `dependencies/` gives.
 *
 * @param from what it takes it from
 */
export function reExport({ style, names }: Dependency, from: string): string {
  const source = JSON.stringify(from);
  if (style === 'require') return `module.exports = require(${source});`;
  if (names === 'all') {
    return `export * from ${source}; import * as all from ${source}; export default all.default;`;
  }
  if (names.size === 0) return `import ${source};`;
  const list = [...names].sort().map((name) => JSON.stringify(name));
  return `export { ${list.join(', ')} } from ${source};`;
}
