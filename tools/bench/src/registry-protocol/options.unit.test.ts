import { help, parseOptions } from './options';

describe('the options of bench:registry-protocol', () => {
  it('have defaults, which the help states', () => {
    const options = parseOptions([]);
    expect(options).toMatchObject({ rounds: 5, repository: 10_000, preview: 100_000 });
    for (const [name, value] of Object.entries(options)) {
      expect(help).toMatch(new RegExp(`--${name} .*default: ${value}$`, 'm'));
    }
  });

  it('are read', () => {
    expect(parseOptions(['--rounds=1', '--preview=0'])).toMatchObject({ rounds: 1, preview: 0 });
    expect(parseOptions(['--help'])).toBe('help');
  });

  it.each(['--rounds=0', '--rounds=', '--images=1.5', '--clients=many', '--unknown=1', 'text'])(
    'reject %s',
    (argument) => {
      expect(() => parseOptions([argument])).toThrow(
        expect.objectContaining({ code: 'OPTIONS_INVALID' }),
      );
    },
  );
});
