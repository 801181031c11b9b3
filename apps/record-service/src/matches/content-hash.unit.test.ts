import { sampleRound } from '../../test/sample-round';
import { contentHash } from './content-hash';

const hash = (...parameters: Parameters<typeof contentHash>) =>
  contentHash(...parameters).toString('hex');

describe('the hash of the content of a round', () => {
  const round = sampleRound();
  const [first, second] = round.players;

  it('is the same for any order of the players and the fields', () => {
    const reversed = Object.fromEntries(Object.entries(round).reverse()) as typeof round;
    expect(hash({ ...reversed, players: [...round.players].reverse() })).toBe(hash(round));
  });

  it('is the same for 0 and -0', () => {
    const wpm = (value: number) => ({ ...round, players: [{ ...first!, wpm: value }, second!] });
    expect(hash(wpm(-0))).toBe(hash(wpm(0)));
  });

  it.each([
    ['mode', { ...round, mode: 'quote' as const }],
    ['keystroke', { ...round, players: [{ ...first!, keystrokes: [[1, 'x'] as const] }, second!] }],
    ['name', { ...round, players: [{ ...first!, name: 'Eve' }, second!] }],
    ['passage', { ...round, passage: { ...round.passage, seed: 2 } }],
  ])('differs with another %s', (_what, other) => {
    expect(hash(other)).not.toBe(hash(round));
  });
});
