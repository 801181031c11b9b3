import path from 'node:path';
import { placelessPath } from './third-party';

/** A place in our own code that names a third-party module; several places that mean the same are one. */
export interface Reference {
  /** As the code names it: `express`, `@nestjs/core`, `zod/mini`. */
  readonly specifier: string;
  readonly style: 'import' | 'require';
  /** Whether Node's own rules hold for a CommonJS module that is imported here, or Babel's. */
  readonly strict: boolean;
  /** What it resolves to, absolute. */
  readonly file: string;
  /** Where it is resolved from, absolute. */
  readonly from: string;
}

/** What is used of a module: names of its exports, or all of it. */
export type UsedNames = ReadonlySet<string> | 'all';

/** A third-party module as our own code uses it, under the key that both sides of the bundle know it by. */
export interface Dependency extends Reference {
  readonly key: string;
  readonly names: UsedNames;
}

/** Equal for references that one module of the bundle can serve. */
export const identityOf = ({ file, style, strict }: Reference) =>
  JSON.stringify([file, style, strict]);

/**
 * Keys depend on what is referred to alone, not on an order, so that they stand while our own code changes. They say where a
 * module lies only if two have the same name.
 */
export function keysOf(
  references: readonly Reference[],
  workspaceRoot: string,
): ReadonlyMap<string, string> {
  const named = references.map((reference) => ({ reference, name: nameOf(reference) }));
  return new Map(
    named.map(({ reference, name }) => {
      const isAmbiguous = named.filter((other) => other.name === name).length > 1;
      const place = placelessPath(path.relative(workspaceRoot, reference.file));
      return [identityOf(reference), isAmbiguous ? `${name} in ${place}` : name];
    }),
  );
}

const nameOf = ({ specifier, style, strict }: Reference) =>
  `${specifier}${style === 'require' ? ' (require)' : strict ? ' (esm)' : ''}`;
