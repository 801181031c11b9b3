const version = /^v\d+\.\d+\.\d+(?:-[\w.-]+)?(?:_[\w.-]+)?$/;
/** Of a commit: `prod-1a2b3c4`, `sha-1a2b3c4`; `-dirty` if the working tree had changes. */
const commit = /^[\w.-]+-[0-9a-f]{7,40}(-dirty)?$/;

/** How people call an image: by its version, or the commit that it was built from, or else by its digest. */
export function imageVersion(digest: string, tags: readonly string[]): string {
  const versions = tags.filter((tag) => version.test(tag)).sort(byVersion);
  return versions.at(-1) ?? tags.filter((tag) => commit.test(tag)).sort()[0] ?? digest.slice(0, 19);
}

const byVersion = (one: string, other: string) => one.localeCompare(other, 'en', { numeric: true });
