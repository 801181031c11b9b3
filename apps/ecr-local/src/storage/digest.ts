import { createHash } from 'node:crypto';

/** The one algorithm of ECR. https://github.com/opencontainers/image-spec/blob/v1.1.0/descriptor.md#sha-256 */
const digestPattern = /^sha256:[a-f0-9]{64}$/;

export const isDigest = (text: string): boolean => digestPattern.test(text);

export const digestOf = (bytes: Uint8Array): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

export async function digestOfStream(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of bytes) hash.update(chunk);
  return `sha256:${hash.digest('hex')}`;
}
