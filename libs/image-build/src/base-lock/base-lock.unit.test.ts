import { digestOf, type Digest } from '@typerush/oci';
import fc from 'fast-check';
import { type BaseLock, formatBaseLock, parseBaseLock } from './base-lock';

const digest = fc.string().map((text): Digest => digestOf(text));
const name = fc.stringMatching(/^[a-z0-9./:-]{1,20}$/);
const locks: fc.Arbitrary<BaseLock> = fc.dictionary(
  name,
  fc.record({ digest, platforms: fc.dictionary(name, digest) }),
);

describe('a lock file', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(locks, (lock) => {
        expect(parseBaseLock(formatBaseLock(lock), 'x')).toEqual(lock);
      }),
    );
  });

  it('is the same text whatever the order', () => {
    const pin = { digest: digestOf('a'), platforms: {} };
    const both = { 'linux/amd64': digestOf('b'), 'linux/arm64': digestOf('c') };
    const turned = { 'linux/arm64': digestOf('c'), 'linux/amd64': digestOf('b') };
    const one = formatBaseLock({ b: pin, a: { ...pin, platforms: both } });
    expect(formatBaseLock({ a: { ...pin, platforms: turned }, b: pin })).toBe(one);
    expect(one.startsWith('{\n  "lockVersion": 1,\n  "bases": {\n    "a": {')).toBe(true);
    expect(one.endsWith('}\n')).toBe(true);
  });

  const bases = { node: { digest: digestOf('a'), platforms: {} } };
  it.each<[string, string]>([
    ['{', 'no JSON'],
    ['[]', 'expected object'],
    [JSON.stringify({ lockVersion: 2, bases: {} }), 'lockVersion'],
    [JSON.stringify({ lockVersion: 1, bases, more: 1 }), 'more'],
    [
      JSON.stringify({ lockVersion: 1, bases: { node: { digest: 'latest', platforms: {} } } }),
      'sha256:',
    ],
    [JSON.stringify({ lockVersion: 1, bases: { node: { digest: digestOf('a') } } }), 'platforms'],
  ])('%s is refused with what is wrong and what to do', (text, told) => {
    expect(() => parseBaseLock(text, 'Dockerfile.lock.json')).toThrow(
      expect.objectContaining({
        code: 'BASE_LOCK_INVALID',
        message: expect.stringMatching(
          new RegExp(`^Dockerfile\\.lock\\.json[^]*${told}[^]*docker-lock`),
        ),
      }),
    );
  });
});
