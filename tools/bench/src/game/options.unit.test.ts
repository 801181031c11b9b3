import { parseOptions } from './options';

describe('the options of bench:game', () => {
  it('measure 1,000 and 2,000 players for 20 seconds by default', () => {
    expect(parseOptions([])).toEqual({ players: [1_000, 2_000], seconds: 20, rounds: 1, ways: [] });
  });

  it.each([
    [['--players=1002'], /multiples of 4/],
    [['--players=some'], /Invalid --players "some"/],
    [['--seconds=41'], /at most 40/],
    [['--rounds=0'], /integers of 1 or more/],
    [['--fast'], /Options: --players/],
  ])('reject %j', (args, message) => {
    expect(() => parseOptions(args)).toThrow(message);
  });
});
