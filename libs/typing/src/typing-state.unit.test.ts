import fc from 'fast-check';
import { BACKSPACE, DELETE_WORD, type Keystroke } from './keystroke';
import {
  replay,
  startTyping,
  step,
  type TypingRules,
  type TypingState,
  wordsOf,
} from './typing-state';
import { arbitraryKeystrokes, arbitraryRules, arbitraryText } from '../test/arbitrary-typing';

const any: TypingRules = { advance: 'any' };
const correct: TypingRules = { advance: 'correct' };

/** Types each character 100 ms after the one before; `<` is backspace, `^` deletes a word. */
function type(text: string, keys: string, rules: TypingRules = any): TypingState {
  const named: Record<string, string> = { '<': BACKSPACE, '^': DELETE_WORD };
  return replay(
    wordsOf(text),
    rules,
    [...keys].map((key): Keystroke => [100, named[key] ?? key]),
  );
}

describe('wordsOf', () => {
  it('separates words at any white space', () => {
    expect(wordsOf('  one\n two\u00a0three ').map((word) => word.join(''))).toEqual([
      'one',
      'two',
      'three',
    ]);
  });

  it('counts a composed character once', () => {
    expect(wordsOf('cafe\u0301')[0]).toHaveLength(4);
  });
});

describe('step', () => {
  it('finishes with the last character of a text that is correct', () => {
    expect(type('to be', 'to be')).toMatchObject({
      finishedAtMs: 500,
      keystrokes: { correct: 5, incorrect: 0 },
    });
  });

  it('finishes at the space after a last word with errors', () => {
    expect(type('to be', 'to bx').finishedAtMs).toBeUndefined();
    expect(type('to be', 'to bx ').finishedAtMs).toBe(600);
  });

  it('keeps a corrected error as an incorrect keystroke', () => {
    expect(type('to', 'tx<o')).toMatchObject({
      finishedAtMs: 400,
      keystrokes: { correct: 2, incorrect: 1 },
    });
  });

  it('does not move on from an empty word', () => {
    expect(type('to be', ' ')).toMatchObject({
      typed: [],
      keystrokes: { correct: 0, incorrect: 0 },
    });
  });

  it('leaves a word with errors behind with the rule any', () => {
    expect(type('to be', 'x b')).toMatchObject({
      typed: ['x'],
      current: 'b',
      keystrokes: { correct: 1, incorrect: 2 },
    });
  });

  it('stays in a word with errors with the rule correct', () => {
    expect(type('to be', 'tx b', correct)).toMatchObject({ typed: [], current: 'txb' });
    expect(type('to be', 'tx<o be', correct).finishedAtMs).toBe(700);
  });

  it('does not finish a last word with errors with the rule correct', () => {
    expect(type('to be', 'to bx ', correct).finishedAtMs).toBeUndefined();
  });

  it('takes ten extra characters a word and counts the others', () => {
    expect(type('a', 'a'.padEnd(15, 'x')).finishedAtMs).toBe(100);
    expect(type('ab', 'ax'.padEnd(15, 'x'))).toMatchObject({
      current: 'ax'.padEnd(12, 'x'),
      keystrokes: { correct: 1, incorrect: 14 },
    });
  });

  it('returns to a word with errors, and not to a correct one', () => {
    expect(type('to be', 'tx <')).toMatchObject({ typed: [], current: 'tx' });
    expect(type('to be', 'to <')).toMatchObject({ typed: ['to'], current: '' });
  });

  it('deletes the typed part of a word, or a word with errors before it', () => {
    expect(type('to be', 'to bx^')).toMatchObject({ typed: ['to'], current: '' });
    expect(type('to be', 'tx ^')).toMatchObject({ typed: [], current: '' });
  });

  it('deletes a character outside the basic plane at once', () => {
    expect(type('a😀', 'a😁<').current).toBe('a');
  });

  it('ignores keystrokes after the end', () => {
    expect(type('to', 'to<<xx')).toEqual(type('to', 'to'));
  });

  it('ignores keystrokes after the limit, also when their own intervals are short', () => {
    const limited = { advance: 'any', limitMs: 250 } as const;
    expect(type('abcdef', 'abcdef', limited)).toMatchObject({ current: 'ab', elapsedMs: 600 });
  });

  it.each(['', 'ab', '\n', '\t', '\u0000', '\u007f', 'Backspace'])(
    'ignores %j, which is not one character',
    (key) => {
      const start = startTyping(wordsOf('ab'), any);
      expect(step(start, [0, key])).toEqual(start);
    },
  );

  it.each([-5, NaN, Infinity, -Infinity])('does not turn back or stop its clock at %p ms', (dt) => {
    const { elapsedMs } = step(startTyping(wordsOf('ab'), any), [dt, 'a']);
    expect(elapsedMs).toBeGreaterThanOrEqual(0);
    expect(elapsedMs).toBeLessThan(Infinity);
  });

  it('has settled the characters of correct words, each with its separator', () => {
    const typed = arbitraryText.chain((text) =>
      fc.tuple(fc.constant(text), arbitraryRules, arbitraryKeystrokes(text)),
    );
    fc.assert(
      fc.property(typed, ([text, rules, keystrokes]) => {
        const state = replay(wordsOf(text), rules, keystrokes);
        const correct = state.typed.filter((word, at) => word === state.words[at]?.join(''));
        const characters = correct.reduce((sum, word) => sum + [...word].length + 1, 0);
        expect(state.settled).toBe(characters);
      }),
    );
  });

  it('never throws, and never takes back time or counted keystrokes', () => {
    const anything = fc.array(fc.tuple(fc.anything(), fc.anything()), { maxLength: 30 });
    fc.assert(
      fc.property(arbitraryText, arbitraryRules, anything, (text, rules, keystrokes) => {
        let before = startTyping(wordsOf(text), rules);
        for (const keystroke of keystrokes as unknown as Keystroke[]) {
          const after = step(before, keystroke);
          expect(after.elapsedMs).toBeGreaterThanOrEqual(before.elapsedMs);
          expect(after.keystrokes.correct).toBeGreaterThanOrEqual(before.keystrokes.correct);
          expect(after.keystrokes.incorrect).toBeGreaterThanOrEqual(before.keystrokes.incorrect);
          before = after;
        }
      }),
    );
  });
});

describe('replay', () => {
  it('gives the same state however the keystrokes are divided into batches', () => {
    const divided = arbitraryText.chain((text) =>
      fc.tuple(
        fc.constant(text),
        arbitraryRules,
        arbitraryKeystrokes(text),
        fc.infiniteStream(fc.integer({ min: 1, max: 9 })),
      ),
    );
    fc.assert(
      fc.property(divided, ([text, rules, keystrokes, sizes]) => {
        const words = wordsOf(text);
        let state = startTyping(words, rules);
        for (let at = 0; at < keystrokes.length;) {
          const size = sizes.next().value as number;
          state = keystrokes.slice(at, at + size).reduce(step, state);
          at += size;
        }
        expect(state).toEqual(replay(words, rules, keystrokes));
      }),
    );
  });

  it('finishes every text that is typed as it is', () => {
    fc.assert(
      fc.property(arbitraryText, arbitraryRules, (text, { advance }) => {
        const words = wordsOf(text);
        const keys = words.map((word) => word.join('')).join(' ');
        const state = replay(
          words,
          { advance },
          [...keys].map((key): Keystroke => [100, key]),
        );
        expect(state.finishedAtMs).toBe([...keys].length * 100);
        expect(state.keystrokes.incorrect).toBe(0);
      }),
    );
  });
});
