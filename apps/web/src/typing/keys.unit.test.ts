import { BACKSPACE, DELETE_WORD } from '@typerush/typing';
import * as fc from 'fast-check';
import { keysBetween, keysOf } from './keys';

describe('keysOf', () => {
  it('gives each character of an insertion, in NFC', () => {
    expect(keysOf({ inputType: 'insertText', data: 'e\u0301x' })).toEqual(['é', 'x']);
    expect(keysOf({ inputType: 'insertText', data: '👍' })).toEqual(['👍']);
  });

  it('gives the plain form of what phones insert by themselves', () => {
    expect(keysOf({ inputType: 'insertText', data: '’“—\u00a0' })).toEqual(["'", '"', '-', ' ']);
  });

  it.each([
    ['deleteContentBackward', BACKSPACE],
    ['deleteWordBackward', DELETE_WORD],
    ['deleteSoftLineBackward', DELETE_WORD],
  ])('gives the deletion of %s', (inputType, key) => {
    expect(keysOf({ inputType, data: null })).toEqual([key]);
  });

  it.each([
    'insertFromPaste',
    'insertFromDrop',
    'insertReplacementText',
    'insertLineBreak',
    '__proto__',
  ])('gives nothing for %s', (inputType) =>
    expect(keysOf({ inputType, data: 'pasted' })).toEqual([]),
  );
});

describe('keysBetween', () => {
  it('types what was added', () => expect(keysBetween('th', 'the')).toEqual(['e']));
  it('deletes what was removed', () => expect(keysBetween('the', 'th')).toEqual([BACKSPACE]));
  it('replaces what a keyboard corrected', () => {
    expect(keysBetween('teh', 'the')).toEqual([BACKSPACE, BACKSPACE, 'h', 'e']);
  });

  it('makes one text of any other', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '👍') });
    fc.assert(
      fc.property(word, word, (before, after) => {
        const result = [...before];
        for (const key of keysBetween(before, after)) {
          if (key === BACKSPACE) result.pop();
          else result.push(key);
        }
        expect(result.join('')).toBe(after);
      }),
    );
  });
});
