import { boardIdOf, boardIdSchema, boardSchema } from '@typerush/contracts';
import {
  boardModes,
  boardName,
  describeBoard,
  firstBoard,
  listsOf,
  readBoard,
  withList,
  withMode,
} from './board-choice';

describe('the choice of a board', () => {
  it('gives only boards of the contract, from any mode and text to any other', () => {
    for (const from of boardModes) {
      for (const mode of boardModes) {
        for (const list of listsOf(mode)) {
          const board = withList(withMode(withMode(firstBoard, from), mode), list);
          expect(boardSchema.parse(board)).toEqual(board);
          expect(boardIdSchema.parse(boardIdOf(board))).toBe(boardIdOf(board));
          expect(board.amount === undefined).toBe(list === 'quotes');
        }
      }
    }
  });

  it('keeps punctuation and numbers when the mode changes', () => {
    const board = { ...firstBoard, punctuation: true, numbers: true };
    expect(withMode(board, 'time')).toMatchObject({ punctuation: true, numbers: true, amount: 30 });
  });

  it.each([
    ['type-race.english-1k.25', 'type race · 25 words · top 1,000'],
    ['wave-rush.english-200.10.numbers', 'wave rush · 10 s · top 200 · numbers'],
    ['time.english-5k.30.punctuation', 'time · 30 s · top 5,000 · punctuation'],
    ['type-race.quotes', 'type race · quotes'],
    ['quote.quotes', 'quote'],
    ['time.klingon.30', 'time · 30 s · klingon'],
  ])('describes %s as "%s"', (id, description) => {
    expect(boardName(id)).toBe(description);
  });

  it.each([null, '', 'open.english-1k', 'time', '../admin', 'time.english-1k.0'])(
    'ignores the id %p',
    (id) => expect(readBoard(id)).toBeUndefined(),
  );

  it('describes what it can read', () => {
    expect(describeBoard(firstBoard)).toBe('type race · 25 words · top 1,000');
  });
});
