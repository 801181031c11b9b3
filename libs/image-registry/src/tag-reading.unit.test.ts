import fc from 'fast-check';
import { readTag } from './tag-reading';
import { expandTagTemplate } from './tag-template';

describe('readTag', () => {
  it.each([
    ['prod-{sha7}', 'prod-abcdef0', { sha7: 'abcdef0' }, false],
    ['prod-{sha7}', 'prod-abcdef0-dirty', { sha7: 'abcdef0' }, true],
    ['v{version}', 'v1.4.0-rc.1', { version: '1.4.0-rc.1' }, false],
    ['dev-{timestamp}', 'dev-20261121T165200Z', { timestamp: '20261121T165200Z' }, false],
    ['latest', 'latest', {}, false],
  ])('of %s reads %s', (template, tag, values, dirty) => {
    expect(readTag(template, tag)).toEqual({ values, dirty });
  });

  it.each([
    ['prod-{sha7}', 'prod-abcdef01'],
    ['prod-{sha7}', 'staging-abcdef0'],
    ['v{version}', 'v1.4'],
    ['a.{sha7}', 'ab-abcdef0'],
    ['{sha7}-{sha7}', 'abcdef0-abcdef1'],
    ['{nothing}', 'x'],
    ['v{version}', `v1.0.0-${'a'.repeat(200)}`],
  ])('of %s does not read %s', (template, tag) => {
    expect(readTag(template, tag)).toBeUndefined();
  });

  it('reads what a template with one variable makes', () => {
    const hex = fc.string({
      unit: fc.constantFrom(...'0123456789abcdef'),
      minLength: 40,
      maxLength: 40,
    });
    const version = fc.tuple(fc.nat(), fc.nat(), fc.nat()).map((numbers) => numbers.join('.'));
    const literal = fc.stringMatching(/^[a-z][a-z.-]{0,20}$/);
    fc.assert(
      fc.property(literal, hex, version, fc.boolean(), (prefix, sha, number, dirty) => {
        for (const [name, value] of [
          ['sha', sha],
          ['sha7', sha.slice(0, 7)],
          ['version', number],
        ] as const) {
          const template = `${prefix}{${name}}`;
          const made = expandTagTemplate(template, { [name]: value }, dirty);
          expect(readTag(template, 'tag' in made ? made.tag : '')).toEqual({
            values: { [name]: value },
            dirty,
          });
        }
      }),
    );
  });
});
