import fc from 'fast-check';

/** A part of a version, of few characters so that two have much in common. */
const part = (characters: string) =>
  fc.string({ unit: fc.constantFrom(...characters), minLength: 0, maxLength: 6 });

/** A version that dpkg accepts: the upstream version starts with a digit. */
export const debianVersion: fc.Arbitrary<string> = fc
  .record({
    epoch: fc.constantFrom('', '', '0:', '1:', '2:'),
    first: fc.constantFrom('0', '1', '2', '10'),
    upstream: part('019aAz.+~-'),
    revision: fc.option(part('01a.+~'), { nil: undefined }),
  })
  .map(
    ({ epoch, first, upstream, revision }) =>
      `${epoch}${first}${upstream.replace(/-+$/, '')}${revision ? `-${revision}` : ''}`,
  );
