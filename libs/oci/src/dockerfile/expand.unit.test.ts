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
  ])('expands %s to %s', (word, expected) => {
    expect(expand(word, lookup)).toBe(expected);
  });

  it.each(["'open", '"open', '${APP', '${APP:?x}', '${}', '${APP#x}'])('rejects %s', (word) => {
    expect(() => expand(word, lookup)).toThrow(ExpansionError);
  });

  it('rejects an undeclared variable, even with a default', () => {
    expect(() => expand('$NOPE', lookup)).toThrow(MissingVariable);
    expect(() => expand('${NOPE:-x}', lookup)).toThrow(MissingVariable);
  });

  it('rejects a declared variable without a value', () => {
    expect(() => expand('$UNSET', lookup)).toThrow(expect.objectContaining({ declared: true }));
  });

  it('does not expand single-quoted text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const quoted = text.replaceAll("'", '');
        expect(expand(`'${quoted}'`, lookup)).toBe(quoted);
      }),
    );
  });
});
