import { digestOf, type Digest } from '@typerush/oci';
import fc from 'fast-check';
import { type BaseLock, formatBaseLock, parseBaseLock } from './base-lock';

const digest = fc.string().map((text): Digest => digestOf(text));
const name = fc.stringMatching(/^[a-z0-9./:-]{1,20}$/);
const locks: fc.Arbitrary<BaseLock> = fc.dictionary(
  name,
  fc.record({ digest, platforms: fc.dictionary(name, digest) }),
);

describe('the lock file', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(locks, (lock) => {
        expect(parseBaseLock(formatBaseLock(lock), 'x')).toEqual(lock);
      }),
    );
  });

  it('is the same text for any order of its entries', () => {
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
    ['{', 'not valid JSON'],
    ['[]', 'expected object'],
    [JSON.stringify({ lockVersion: 2, bases: {} }), 'lockVersion'],
    [JSON.stringify({ lockVersion: 1, bases, more: 1 }), 'more'],
    [
      JSON.stringify({ lockVersion: 1, bases: { node: { digest: 'latest', platforms: {} } } }),
      'sha256:',
    ],
    [JSON.stringify({ lockVersion: 1, bases: { node: { digest: digestOf('a') } } }), 'platforms'],
  ])('%s is rejected with the problem and a fix', (text, problem) => {
    expect(() => parseBaseLock(text, 'Dockerfile.lock.json')).toThrow(
      expect.objectContaining({
        code: 'BASE_LOCK_INVALID',
        message: expect.stringMatching(
          new RegExp(`Dockerfile\\.lock\\.json: [^]*${problem}[^]*Fix: .*docker-lock`),
        ),
      }),
    );
  });
});
