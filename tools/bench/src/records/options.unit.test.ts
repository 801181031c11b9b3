import { parseOptions } from './options';

it('measures a million matches of 100,000 players at 200 requests a second by default', () => {
  const scale = { matches: 1_000_000, players: 100_000, rate: 200 };
  expect(parseOptions([])).toMatchObject(scale);
});

it('takes another scale', () => {
  const scale = { matches: 20_000, players: 2_000, seconds: 3 };
  expect(parseOptions(['--matches=20000', '--players=2000', '--seconds=3'])).toMatchObject(scale);
});

it.each([
  ['--matches=none'],
  ['--seconds=0'],
  ['--players=1'],
  ['--rate=1.5'],
  ['--fast'],
  ['now'],
])('rejects %s', (option) => {
  expect(() => parseOptions([option])).toThrow(
    expect.objectContaining({ code: 'OPTIONS_INVALID' }),
  );
});
