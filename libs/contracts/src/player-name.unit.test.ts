import fc from 'fast-check';
import { playerNameSchema } from './player-name';

const accepts = (name: unknown) => playerNameSchema.safeParse(name).success;

describe('a player name', () => {
  it.each([
    'Al',
    'Ada Lovelace',
    'x'.repeat(20),
    '李雷',
    'O’Neill <b>',
    '👩‍👩‍👧‍👦👍🏽',
    'نیم‌فاصله',
    '❤️❤️',
  ])('may be %j', (name) => expect(playerNameSchema.parse(name)).toBe(name));

  it('is trimmed and normalized to NFC', () => {
    expect(playerNameSchema.parse('  Zoe\u0308 ')).toBe('Zo\u00eb');
  });

  it('counts visible characters', () => {
    expect(accepts('🇻🇳'.repeat(20))).toBe(true);
    expect(accepts('🇻🇳')).toBe(false);
    expect(accepts('e\u0301')).toBe(false);
  });

  it.each([
    ['one character', 'A'],
    ['21 characters', 'x'.repeat(21)],
    ['only spaces', '     '],
    ['a line break', 'Ada\nLovelace'],
    ['a null byte', 'Ada\u0000'],
    ['an escape sequence', 'Ada\u001b[31m'],
    ['a line separator', 'Ada\u2028x'],
    ['a zero-width space', 'Ada\u200bx'],
    ['a changed reading direction', 'Ada\u202excod'],
    ['Hangul fillers', '\u3164\u3164'],
    ['only joiners', '\u200d\u200d\u200d'],
    ['a lone surrogate', 'Ada\ud800'],
    ['a tower of combining marks', `Ad${'\u0335'.repeat(80)}a`],
    ['a number', 42],
    ['nothing', undefined],
  ])('must not contain %s', (_what, name) => expect(accepts(name)).toBe(false));

  it('does not change when it is parsed again', () => {
    // Graphemes, and what joins them or is trimmed: most combinations are valid names.
    const piece = fc.oneof(
      { weight: 6, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }) },
      { weight: 1, arbitrary: fc.constantFrom(' ', 'e', '\u0301', '\u0308', '\u200d') },
    );
    fc.assert(
      fc.property(fc.string({ unit: piece, minLength: 3, maxLength: 20 }), (text) => {
        const once = playerNameSchema.safeParse(text);
        fc.pre(once.success);
        expect(playerNameSchema.parse(once.data)).toBe(once.data);
      }),
    );
  });
});
