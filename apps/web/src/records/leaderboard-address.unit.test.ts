import { addressOf, choiceOf, leaderboardOf, nextPathOf, pathOf } from './leaderboard-address';

const player = '0b8f7c9e-6a40-4f58-9f27-8a7c6d5e4f30';

describe('the address of a leaderboard', () => {
  it('gives the choice that it was made of', () => {
    const choice = { ...choiceOf('board=time.english-200.30.numbers'), period: 'week' } as const;
    for (const around of [undefined, player]) {
      const address = addressOf({ ...choice, around });
      expect(choiceOf(address.split('?')[1] ?? '')).toEqual({ ...choice, around });
    }
  });

  it.each(['', 'board=../x&period=ever', 'period=%00'])(
    'shows the board of quick match of all time for "%s"',
    (search) => {
      expect(addressOf(choiceOf(search))).toBe('/leaderboards?board=type-race.english-1k.25');
    },
  );

  it('leads to a player on a board', () => {
    expect(leaderboardOf('quote.quotes', player)).toBe(
      `/leaderboards?board=quote.quotes&around=${player}`,
    );
  });
});

describe('the path of the entries', () => {
  const choice = choiceOf(`board=quote.quotes&period=day&around=${player}`);

  it('is that of record-service', () => {
    expect(pathOf(choice, 25)).toBe(
      `/v1/leaderboards/quote.quotes/around/${player}?period=day&limit=25`,
    );
  });

  it('continues below a player as below the top', () => {
    expect(nextPathOf(choice, 25, 'abc')).toBe(
      '/v1/leaderboards/quote.quotes?period=day&limit=25&cursor=abc',
    );
  });

  it('stays within the leaderboards whatever the address has', () => {
    expect(pathOf(choiceOf('around=../../x?y'), 1)).toContain('/around/..%2F..%2Fx%3Fy?period=all');
  });
});
