import { PASSAGES_VERSION } from '@typerush/passages';
import { firstChoice } from './practice-choice';
import { localText, practiceText, readPractice, readResult } from './practice-text';

const session = { token: 't', playerId: 'p', name: 'Ada', expiresAt: '2100-01-01T00:00:00.000Z' };
const practice = {
  token: 'ticket',
  passage: { list: 'english-200', version: PASSAGES_VERSION, seed: 7, words: 30 },
  rules: { advance: 'any', limitMs: 15_000 },
  expiresAt: '2026-11-26T20:00:00.000Z',
};

describe('readPractice', () => {
  it('makes the words of the passage, and keeps the ticket', () => {
    const text = readPractice(practice);
    expect(text?.words).toHaveLength(30);
    expect(text).toMatchObject({ rules: { limitMs: 15_000 }, ticket: { token: 'ticket' } });
  });

  it.each([null, {}, { ...practice, token: 1 }, { ...practice, rules: undefined }])(
    'has nothing of %j',
    (body) => expect(readPractice(body)).toBeUndefined(),
  );

  it('refuses a list that this page does not have', () => {
    const passage = { ...practice.passage, list: 'klingon' };
    expect(() => readPractice({ ...practice, passage })).toThrow(RangeError);
  });
});

describe('practiceText', () => {
  afterEach(() => jest.restoreAllMocks());

  it('makes a text of this page for a guest without a name', async () => {
    const fetch = jest.spyOn(globalThis, 'fetch');
    expect((await practiceText(firstChoice, undefined)).ticket).toBeUndefined();
    expect(fetch).not.toHaveBeenCalled();
  });

  it('makes a text of this page while the server cannot be reached, and says why', async () => {
    jest.spyOn(globalThis, 'fetch').mockRejectedValue(new TypeError('Failed to fetch'));
    const text = await practiceText(firstChoice, session);
    expect(text.words.length).toBeGreaterThan(0);
    expect(text.unrecorded).toContain('cannot be reached');
  });

  it('takes the text of the server', async () => {
    jest.spyOn(globalThis, 'fetch').mockResolvedValue(Response.json(practice));
    expect((await practiceText(firstChoice, session)).ticket?.token).toBe('ticket');
  });
});

describe('localText', () => {
  it('is another one each time', () => {
    const [one, two] = [localText(firstChoice, ''), localText(firstChoice, '')];
    expect(one.words).not.toEqual(two.words);
  });
});

describe('readResult', () => {
  const standing = { wpm: 1, raw: 2, accuracy: 3, consistency: 4, unranked: [] };

  it('takes what has figures', () => {
    expect(readResult({ standing, recorded: true })).toBeDefined();
  });

  it.each([
    null,
    {},
    { standing, recorded: 1 },
    { standing: { ...standing, wpm: '1' }, recorded: true },
  ])('refuses %j', (body) => expect(readResult(body)).toBeUndefined());
});
