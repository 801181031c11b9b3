import { createHash } from 'node:crypto';
import * as z from 'zod';

/** `sha256:` and 64 hex digits; the only supported algorithm. */
export type Digest = `sha256:${string}`;

const PATTERN = /^sha256:[0-9a-f]{64}$/;

export const digestSchema = z.custom<Digest>(
  (value) => typeof value === 'string' && PATTERN.test(value),
  { error: 'expected sha256:<64 hex digits>' },
);

export function isDigest(text: string): text is Digest {
  return PATTERN.test(text);
}

/** `sha256:` and the first twelve digits, for people. */
export const shortDigest = (digest: string): string => digest.slice(0, 19);

export function digestOf(bytes: Uint8Array | string): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

export async function digestOfStream(stream: AsyncIterable<Uint8Array>): Promise<Digest> {
  const hash = createHash('sha256');
  for await (const chunk of stream) hash.update(chunk);
  return `sha256:${hash.digest('hex')}`;
}
