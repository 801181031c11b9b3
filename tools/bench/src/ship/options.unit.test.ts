import path from 'node:path';
import { parseOptions } from './options';

it('measures several rounds by default, and one with --quick', () => {
  expect(parseOptions([])).toEqual({
    rounds: 5,
    growth: [10, 50, 200],
    peerGrowth: [10],
    ways: [],
  });
  expect(parseOptions(['--quick'])).toMatchObject({ rounds: 1, growth: [3], peerGrowth: [] });
});

it('selects ways by parts of their names, and no growth with an empty list', () => {
  const options = parseOptions(['--ways=oci,seed', '--growth=', '--rounds=2']);
  expect(options).toMatchObject({ ways: ['oci', 'seed'], growth: [], rounds: 2 });
});

it('resolves the folder of another checkout', () => {
  expect(parseOptions(['--beside=/tmp/a/../b']).beside).toBe('/tmp/b');
  expect(parseOptions(['--beside=b']).beside).toBe(path.resolve('b'));
});

it.each([['--rounds=none'], ['--growth=10,-1'], ['--fast'], ['now']])('rejects %s', (option) => {
  expect(() => parseOptions([option])).toThrow(
    expect.objectContaining({ code: 'OPTIONS_INVALID' }),
  );
});
