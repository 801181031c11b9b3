import { createHash } from 'node:crypto';

/**
 * The algorithms of the OCI image specification, and how many hex digits their digests have.
 * https://github.com/opencontainers/image-spec/blob/v1.1.0/descriptor.md#registered-algorithms
 */
const hexDigits = { sha256: 64, sha512: 128 } as const;

type Algorithm = keyof typeof hexDigits;

const digestPattern = new RegExp(
  `^(${Object.entries(hexDigits)
    .map(([algorithm, length]) => `${algorithm}:[a-f0-9]{${length}}`)
    .join('|')})$`,
);

/** For messages. */
export const digestRule = "'sha256:' and 64, or 'sha512:' and 128, lower-case hexadecimal digits";

export const isDigest = (text: string): boolean => digestPattern.test(text);

/** @param digest is valid */
export const algorithmOf = (digest: string): Algorithm =>
  digest.startsWith('sha512:') ? 'sha512' : 'sha256';

export const digestOf = (bytes: Uint8Array, algorithm: Algorithm = 'sha256'): string =>
  `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`;

export async function digestOfStream(
  bytes: AsyncIterable<Uint8Array>,
  algorithm: Algorithm,
): Promise<string> {
  const hash = createHash(algorithm);
  for await (const chunk of bytes) hash.update(chunk);
  return `${algorithm}:${hash.digest('hex')}`;
}
