/** Leaves room in a tag of 128 characters for what a template puts around it. */
const longest = 100;

/**
 * The name of a branch as a tag can hold it, up to 100 characters: what a tag cannot hold becomes "-". A name that is cut off, or of
 * which nothing is left, ends in a hash of all of it.
 */
export function branchTag(branch: string): string {
  const legal = branch.replace(/[^a-zA-Z0-9_.-]+/g, '-').replace(/^[.-]+/, '');
  if (legal === '') return `branch-${hashOf(branch)}`;
  if (legal.length <= longest) return legal;
  const hash = hashOf(branch);
  return `${legal.slice(0, longest - hash.length - 1)}-${hash}`;
}

/** FNV-1a of 32 bits, http://www.isthe.com/chongo/tech/comp/fnv/: it tells names apart, and protects nothing. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}
