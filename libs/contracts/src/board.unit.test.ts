import fc from 'fast-check';
import { type Board, boardIdSchema, boardOf } from './board';
import { boardIdOf, boardOfMatch } from './board-id';

const boards: fc.Arbitrary<Board> = fc.record(
  {
    mode: fc.constantFrom('type-race', 'wave-rush', 'time', 'words', 'quote'),
    list: fc.stringMatching(/^[a-z][a-z0-9-]{0,39}$/),
    amount: fc.integer({ min: 1, max: 9_999 }),
    punctuation: fc.boolean(),
    numbers: fc.boolean(),
  },
  { requiredKeys: ['mode', 'list', 'punctuation', 'numbers'] },
);

describe('the id of a board', () => {
  it('gives the board again, for any board, also one whose list is called like an option', () => {
    fc.assert(
      fc.property(boards, (board) => expect(boardOf(boardIdOf(board))).toEqual(board)),
      {
        examples: [
          [{ mode: 'words', list: 'numbers', amount: 25, punctuation: true, numbers: false }],
        ],
      },
    );
  });

  it.each(['', 'open.english-1k', 'time', 'time.English.30', 'time.english-1k.030', '__proto__'])(
    'is refused as %j',
    (id) => expect(boardIdSchema.safeParse(id).success).toBe(false),
  );
});

describe('the board of a match', () => {
  const passage = { list: 'english-1k', version: 1, seed: 7, words: 600, punctuation: true };

  it('has the seconds of a timed round, not the words of its text', () => {
    const board = boardOfMatch({ mode: 'time', passage, rules: { limitMs: 30_000 } });
    expect(board && boardIdOf(board)).toBe('time.english-1k.30.punctuation');
  });

  it('has the words of a text that ends a round', () => {
    const board = boardOfMatch({ mode: 'type-race', passage, rules: {} });
    expect(board && boardIdOf(board)).toBe('type-race.english-1k.600.punctuation');
  });

  it('has no length for a quote', () => {
    const quote = { list: 'quotes', version: 1, seed: 7 };
    const board = boardOfMatch({ mode: 'quote', passage: quote, rules: {} });
    expect(board && boardIdOf(board)).toBe('quote.quotes');
  });

  it('does not exist for practice without an end', () => {
    expect(boardOfMatch({ mode: 'open', passage, rules: {} })).toBeUndefined();
  });
});
