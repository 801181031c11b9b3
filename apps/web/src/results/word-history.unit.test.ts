import { replay, wordsOf } from '@typerush/typing';
import { wordHistory } from './word-history';

const type = (text: string) =>
  replay(
    wordsOf('to be or not'),
    { advance: 'any' },
    [...text].map((key) => [10, key] as const),
  );

describe('wordHistory', () => {
  it('pairs each typed word with its target', () => {
    expect(wordHistory(type('to bx o'))).toEqual([
      { target: 'to', typed: 'to', isCorrect: true },
      { target: 'be', typed: 'bx', isCorrect: false },
      { target: 'or', typed: 'o', isCorrect: false },
    ]);
  });

  it('is empty if nothing was typed', () => expect(wordHistory(type(''))).toEqual([]));
});
