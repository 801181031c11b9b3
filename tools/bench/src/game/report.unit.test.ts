import { type LoadResult } from './load';
import { describe as describeRows, faultsOf } from './report';

const result: LoadResult = {
  serverCpu: 40,
  generatorCpu: 50,
  bytesSent: 500,
  bytesReceived: 350,
  delay: { p50: 1, p99: 5, max: 9 },
  lateness: { p50: 0.5, p99: 1, max: 2 },
  memory: 20_000,
  messagesPerSecond: 4,
  ticksPerSecond: 9,
  refused: 0,
  unanswered: 0,
  wrong: 0,
};
const row = (way: string, ...changes: Partial<LoadResult>[]) => ({
  way,
  players: 1_000,
  results: changes.map((change) => ({ ...result, ...change })),
});

describe('the report of bench:game', () => {
  it('compares the medians of the rounds with ours', () => {
    const cpus = [{ serverCpu: 10 }, { serverCpu: 60 }, { serverCpu: 20 }];
    const table = describeRows([row('ours', {}), row('other', ...cpus)]);
    expect(table).toMatch(/other +1000 +20\.0 % +0\.50 +50 % +500 +350 +1\.0\/5\.0 ms/);
  });

  it.each([
    [{ generatorCpu: 86 }, 'generator too busy'],
    [{ refused: 1 }, 'batches refused'],
    [{ ticksPerSecond: 6.9 }, 'server starved'],
    [{ unanswered: 1 }, 'server saturated'],
    [{ wrong: 2 }, 'wrong results'],
  ])('marks a row with %j in one of its rounds', (change, fault) => {
    expect(faultsOf(row('ours', {}, change))).toEqual([fault]);
  });

  it('marks no row that holds nothing to check', () => {
    expect(faultsOf(row('the first TypeRush', { wrong: null }))).toEqual([]);
  });
});
