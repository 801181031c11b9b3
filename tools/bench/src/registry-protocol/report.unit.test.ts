import { memoryTable, ratios, table } from './report';

const sample = (wall: number) => ({ wall, cpu: wall / 2 });
const rows = [
  {
    name: 'push 100 MB',
    repository: 100,
    samples: [
      [sample(0.9), sample(0.1), sample(0.3)],
      [sample(0.6), sample(0.6), sample(0.2)],
    ],
  },
];

describe('the report of bench:registry-protocol', () => {
  it('divides the medians of the first registry by those of the second', () => {
    expect(ratios(rows)).toEqual([{ row: 'push 100 MB', repository: 100, wall: 0.5, cpu: 0.5 }]);
  });

  it('has a line for each load', () => {
    const [title = '', line = ''] = table(rows, ['ecr-local', 'docker-registry']).split('\n');
    expect(title).toMatch(
      /^load +images before +ecr-local +CPU +docker-registry +CPU +ratio +CPU$/,
    );
    expect(line).toMatch(/^push 100 MB +100 +0.300 s +0.150 s +0.600 s +0.300 s +0.50 +0.50$/);
  });

  it('has a line for each measurement of memory', () => {
    const text = memoryTable({ 'at the end': [99_600_000, 1e6] }, ['ecr-local', 'docker-registry']);
    expect(text).toMatch(/^at the end +100 MB +1 MB$/m);
  });
});
