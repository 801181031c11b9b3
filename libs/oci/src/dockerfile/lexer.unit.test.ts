import fc from 'fast-check';
import { ExpansionError, Lexer } from './lexer';

const values: Record<string, string> = { APP: 'game', EMPTY: '', FILE: 'a/b.tar.gz' };
const expand = (word: string) => Lexer.word(word, (name) => values[name], '\\');

describe('Lexer', () => {
  it.each([
    ['plain', 'plain'],
    ['$APP/x', 'game/x'],
    ['${APP}x', 'gamex'],
    ['a$', 'a$'],
    ['"a $APP"', 'a game'],
    ["'a $APP'", 'a $APP'],
    ['\\$APP', '$APP'],
    ['"\\$APP \\n"', '$APP \\n'],
    ['$NOPE', ''],
    ['${EMPTY:-x}', 'x'],
    ['${EMPTY-x}', ''],
    ['${NOPE-x}', 'x'],
    ['${NOPE:-${APP}}', 'game'],
    ['${APP:-x}', 'game'],
    ['${APP:+y}', 'y'],
    ['${EMPTY+y}', 'y'],
    ['${NOPE:+y}', ''],
    ['${APP:?must be set}', 'game'],
    ['${FILE#*/}', 'b.tar.gz'],
    ['${FILE##*.}', 'gz'],
    ['${FILE%.*}', 'a/b.tar'],
    ['${FILE%%.*}', 'a/b'],
    ['${APP/a/_}', 'g_me'],
    ['${FILE//?/x}', 'xxxxxxxxxx'],
  ])('expands %s to %s', (word, expected) => {
    expect(expand(word)).toBe(expected);
  });

  it.each(["'open", '"open', '${APP', '${NOPE:?x}', '${NOPE?}', '${}', '${APP:#x}', '${APP!x}'])(
    'rejects %s',
    (word) => {
      expect(() => expand(word)).toThrow(ExpansionError);
    },
  );

  it('does not expand single-quoted text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const quoted = text.replaceAll("'", '');
        expect(expand(`'${quoted}'`)).toBe(quoted);
      }),
    );
  });
});
