import { byteSize, grid, megabytes, table } from './report';

describe('table', () => {
  it('aligns the values behind the longest name', () => {
    expect(
      table('Image', [
        ['tag', 'dev'],
        ['digest', 'sha256:1'],
      ]),
    ).toBe('Image\n  tag     dev\n  digest  sha256:1\n');
  });
});

describe('grid', () => {
  it('aligns each column under its heading, numbers to the right', () => {
    const rows = [
      ['game-service', '1'],
      ['web', '1200'],
    ];
    expect(grid('Layers', ['image', 'bytes'], rows, ['left', 'right'])).toBe(
      [
        'Layers',
        '  image         bytes',
        '  game-service      1',
        '  web            1200',
        '',
      ].join('\n'),
    );
  });

  it('prints a heading without rows', () => {
    expect(grid('Layers', ['image', 'bytes'], [])).toBe('Layers\n  image  bytes\n');
  });

  it('leaves missing cells empty', () => {
    expect(grid('Two', ['a', 'b'], [['1']])).toBe('Two\n  a  b\n  1\n');
  });
});

describe('megabytes', () => {
  it.each([
    [0, '0.000 MB'],
    [512_000, '0.512 MB'],
    [1_000_000, '1.0 MB'],
    [12_345_678, '12.3 MB'],
  ])('formats %d bytes as %s', (bytes, text) => expect(megabytes(bytes)).toBe(text));
});

describe('byteSize', () => {
  it.each([
    [512, '512 B'],
    [999, '999 B'],
    [12_345, '12.3 kB'],
    [1_200_000, '1.2 MB'],
  ])('formats %d bytes as %s', (bytes, text) => expect(byteSize(bytes)).toBe(text));
});
