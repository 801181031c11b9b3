import { lettersOf } from './letters';

const looks = (target: string, typed: string) =>
  lettersOf([...target], typed).map(({ text, look }) => `${text}:${look}`);

describe('lettersOf', () => {
  it('tells right, wrong and untyped letters apart', () => {
    expect(looks('cat', 'cu')).toEqual(['c:right', 'a:wrong', 't:untyped']);
  });

  it('adds what was typed beyond the word', () => {
    expect(looks('a', 'abc')).toEqual(['a:right', 'b:extra', 'c:extra']);
  });

  it('counts a code point outside the basic plane as one letter', () => {
    expect(looks('a', 'a👍')).toEqual(['a:right', '👍:extra']);
  });
});
