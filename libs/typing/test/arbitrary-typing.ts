import fc from 'fast-check';
import { BACKSPACE, DELETE_WORD, type Keystroke } from '../src/keystroke';
import { type TypingRules } from '../src/typing-state';

const letter = fc.constantFrom('a', 'b', 'é', '.', '7', '😀');
const word = fc.string({ unit: letter, minLength: 1, maxLength: 6 });

/** Words of few different letters, so that random keys often fit. */
export const arbitraryText: fc.Arbitrary<string> = fc
  .array(word, { minLength: 1, maxLength: 8 })
  .map((words) => words.join(' '));

export const arbitraryRules: fc.Arbitrary<TypingRules> = fc.record(
  { advance: fc.constantFrom('any', 'correct'), limitMs: fc.integer({ min: 1, max: 8_000 }) },
  { requiredKeys: ['advance'] },
);

/** Mostly the text itself, with wrong keys, corrections and pauses between. */
export function arbitraryKeystrokes(text: string): fc.Arbitrary<readonly Keystroke[]> {
  const noise = fc.oneof(letter, fc.constantFrom(' ', BACKSPACE, DELETE_WORD, 'ab', ''));
  const dtMs = fc.oneof(
    { weight: 9, arbitrary: fc.nat(250) },
    { weight: 1, arbitrary: fc.nat(4_000) },
  );
  return fc
    .tuple(
      ...[...text].map((key) =>
        fc
          .tuple(fc.array(noise, { maxLength: 2 }), fc.integer({ min: 0, max: 3 }))
          .map(([before, kind]) => (kind === 0 ? [...before, key] : [key])),
      ),
    )
    .chain((keys) => {
      const all = keys.flat();
      return fc
        .array(dtMs, { minLength: all.length, maxLength: all.length })
        .map((times) => all.map((key, index): Keystroke => [times[index] ?? 0, key]));
    });
}
