import fc from 'fast-check';
import { expand, ExpansionError, MissingVariable } from './expand';

const values: Record<string, string | null> = { APP: 'game', EMPTY: '', UNSET: null };
const lookup = (name: string) => values[name];

describe('expand', () => {
  it.each([
    ['plain', 'plain'],
    ['$APP/x', 'game/x'],
    ['${APP}x', 'gamex'],
    ['a$', 'a$'],
    ['"a $APP"', 'a game'],
    ["'a $APP'", 'a $APP'],
    ['\\$APP', '$APP'],
    ['"\\$APP \\n"', '$APP \\n'],
    ['${EMPTY:-x}', 'x'],
    ['${UNSET:-${APP}}', 'game'],
    ['${APP:-x}', 'game'],
    ['${APP:+y}', 'y'],
    ['${UNSET:+y}', ''],
    ['$EMPTY', ''],
  ])('%s becomes %s', (word, expected) => {
    expect(expand(word, lookup)).toBe(expected);
  });

  it.each(["'open", '"open', '${APP', '${APP:?x}', '${}', '${APP#x}'])('%s is refused', (word) => {
    expect(() => expand(word, lookup)).toThrow(ExpansionError);
  });

  it('a variable that nothing declares is refused, even with a default', () => {
    expect(() => expand('$NOPE', lookup)).toThrow(MissingVariable);
    expect(() => expand('${NOPE:-x}', lookup)).toThrow(MissingVariable);
  });

  it('a declared variable without a value is refused', () => {
    expect(() => expand('$UNSET', lookup)).toThrow(expect.objectContaining({ declared: true }));
  });

  it('a single-quoted text stays as it is', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const quoted = text.replaceAll("'", '');
        expect(expand(`'${quoted}'`, lookup)).toBe(quoted);
      }),
    );
  });
});
