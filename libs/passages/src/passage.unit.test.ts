import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { englishWords } from './english-words';
import { MAX_WORDS, type PassageList, passageLists, passageOf, PASSAGES_VERSION } from './passage';
import { quotes } from './quotes';

const version = PASSAGES_VERSION;
const wordList = fc.constantFrom<PassageList>('english-200', 'english-1k', 'english-5k');
const seed = fc.nat(0xffff_ffff);
const reference = fc.record({
  list: wordList,
  version: fc.constant(version),
  seed,
  words: fc.integer({ min: 1, max: 300 }),
  punctuation: fc.boolean(),
  numbers: fc.boolean(),
});

describe('passageOf', () => {
  it('gives the text that this reference has always given', () => {
    const common = { list: 'english-200', version, seed: 1, words: 12 } as const;
    expect(passageOf(common).text).toMatchInlineSnapshot(
      `"put you thing care show his first last make getting need has"`,
    );
    expect(passageOf({ ...common, punctuation: true, numbers: true }).text).toMatchInlineSnapshot(
      `"You care his last getting has down here he long go. 63."`,
    );
  });

  it('chooses from lists and quotes that never change within a version', () => {
    const content = JSON.stringify([englishWords, quotes]);
    expect([version, createHash('sha256').update(content).digest('hex').slice(0, 16)]).toEqual([
      1,
      'bec58dca4c2f58d7',
    ]);
  });

  it('gives as many words as are requested, separated by single spaces', () => {
    fc.assert(
      fc.property(reference, (one) => {
        const { text } = passageOf(one);
        expect(text.split(' ')).toHaveLength(one.words);
        expect(text).toBe(text.normalize('NFC').trim());
        expect(text).toMatch(/^[!-~]+( [!-~]+)*$/);
      }),
    );
  });

  it('gives the same text for the same reference, and another for another seed', () => {
    fc.assert(
      fc.property(reference, seed, (one, other) => {
        fc.pre(one.seed !== other && one.words >= 20);
        expect(passageOf(one)).toEqual(passageOf({ ...one }));
        expect(passageOf({ ...one, seed: other })).not.toEqual(passageOf(one));
      }),
    );
  });

  it.each([
    ['english-200', 200],
    ['english-1k', 1_000],
    ['english-5k', 5_000],
  ] as const)('draws the words of %s from its %d most frequent ones', (list, count) => {
    const allowed = new Set(englishWords.slice(0, count));
    const seen = new Set<string>();
    for (let of = 0; of < 20; of += 1) {
      const { text } = passageOf({ list, version, seed: of, words: MAX_WORDS });
      for (const word of text.split(' ')) seen.add(word);
    }
    expect([...seen].filter((word) => !allowed.has(word))).toEqual([]);
    expect(seen.size).toBeGreaterThan(count * 0.95);
  });

  it('never repeats a word at once', () => {
    const words = passageOf({ list: 'english-200', version, seed: 7, words: MAX_WORDS }).text.split(
      ' ',
    );
    expect(words.filter((word, index) => word === words[index + 1])).toEqual([]);
  });

  it('makes sentences with punctuation', () => {
    const { text } = passageOf({
      list: 'english-1k',
      version,
      seed: 3,
      words: 400,
      punctuation: true,
    });
    expect(text).toMatch(/^[A-Z]/);
    expect(text).toMatch(/[.?!]$/);
    for (const [, next] of text.matchAll(/[.?!] (..)/g)) expect(next).toMatch(/^["(]?[A-Z]/);
    for (const mark of [',', ';', ':', '"', '(', ')', '?', '!']) expect(text).toContain(mark);
  });

  it('has numbers only if they are requested', () => {
    const common = { list: 'english-1k', version, seed: 3, words: 400 } as const;
    expect(passageOf(common).text).not.toMatch(/\d/);
    const found = passageOf({ ...common, numbers: true })
      .text.split(' ')
      .filter((word) => /^\d/.test(word));
    expect(found.length).toBeGreaterThan(20);
    for (const number of found) expect(number).toMatch(/^(0|[1-9]\d{0,3})$/);
  });

  it('gives a quote with its source', () => {
    const given = Array.from({ length: 500 }, (_, of) =>
      passageOf({ list: 'quotes', version, seed: of }),
    );
    expect(new Set(given).size).toBe(quotes.length);
    for (const { source } of given) expect(source).toMatch(/, (about )?\d{4}$/);
  });

  it.each([
    [{ list: 'klingon' as PassageList, version, seed: 1, words: 5 }, /list "klingon"/],
    [{ list: 'english-200', version: 0, seed: 1, words: 5 }, /version 0/],
    [{ list: 'english-200', version, seed: 1 }, /1 to 2000 words, not 0/],
    [{ list: 'english-200', version, seed: 1, words: 2.5 }, /not 2.5/],
    [{ list: 'english-200', version, seed: 1, words: MAX_WORDS + 1 }, /not 2001/],
  ] as const)('rejects %j', (wrong, message) => {
    expect(() => passageOf(wrong)).toThrow(RangeError);
    expect(() => passageOf(wrong)).toThrow(message);
  });
});

describe('the lists', () => {
  it('have 5,000 different words of lower-case letters', () => {
    expect(new Set(englishWords).size).toBe(5_000);
    expect(englishWords).toHaveLength(5_000);
    expect(englishWords.filter((word) => !/^[a-z]{1,12}$/.test(word))).toEqual([]);
  });

  it('have quotes that a keyboard types: 60 to 400 characters of ASCII', () => {
    for (const { text } of quotes) {
      expect(text).toMatch(/^[!-~]+( [!-~]+)*$/);
      expect(text.length).toBeGreaterThanOrEqual(60);
      expect(text.length).toBeLessThanOrEqual(400);
    }
    expect(new Set(quotes.map(({ text }) => text)).size).toBe(quotes.length);
  });

  it('are named', () => expect(passageLists).toHaveLength(4));
});
