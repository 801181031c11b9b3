/** `sha256:` and the first twelve digits. */
export const shortDigest = (digest: string): string => digest.slice(0, 19);
