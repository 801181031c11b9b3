import { identityOf, type Reference } from './reference';

/** Collects what our own code refers to; one of each kind. */
export class References {
  private readonly known = new Map<string, Reference>();

  add(reference: Reference): string {
    const identity = identityOf(reference);
    const standing = this.known.get(identity);
    // esbuild reads files side by side: the order in which they come must not decide.
    if (!standing || isBefore(reference, standing)) this.known.set(identity, reference);
    return identity;
  }

  get all(): readonly Reference[] {
    return [...this.known.values()];
  }
}

const isBefore = (a: Reference, b: Reference) =>
  `${a.specifier}\0${a.from}` < `${b.specifier}\0${b.from}`;
