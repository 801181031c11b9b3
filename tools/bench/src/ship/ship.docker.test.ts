import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Growth } from './growth/measure-growth';
import { type Measured } from './measure';
import { type Figures } from './phases';

const workspaceRoot = path.join(__dirname, '../../../..');
const tsx = createRequire(__filename).resolve('tsx');
jest.setTimeout(20 * 60_000);

interface Result {
  readonly ways: readonly Figures[];
  readonly growth: readonly Growth[];
}

const start = (...args: string[]) =>
  spawn(process.execPath, ['--import', tsx, 'tools/bench/src/ship/main.ts', ...args], {
    cwd: workspaceRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
  });

async function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = start(...args);
  const text = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (chunk: string) => (text[stream] += chunk));
  }
  const [code] = (await once(child, 'close')) as [number];
  return { code, ...text };
}

const leftFolders = async () =>
  (await readdir(tmpdir())).filter((name) => /^bench-(ship|registry)-/.test(name));

const isSound = (measured: Measured) =>
  measured.wall > 0 &&
  measured.cpu >= 0 &&
  measured.sent >= 0 &&
  Math.abs(measured.steps.reduce((sum, { seconds }) => sum + seconds, 0) - measured.wall) < 1e-6;

describe('a quick run', () => {
  let result: Result;
  let stdout: string;
  let before: string[];

  beforeAll(async () => {
    before = await leftFolders();
    const ran = await run('--quick');
    if (ran.code !== 0) throw new Error(ran.stderr);
    stdout = ran.stdout;
    result = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Result;
  });

  it('measures every way in every phase, with steps that add up', () => {
    expect(result.ways.map(({ way }) => way)).toEqual([
      'ours, oci',
      'ours, oci, no daemon',
      'ours, docker',
      "Nx's start",
      "the seed's, tsc",
      "the seed's, esbuild",
      "Nx's docker plugin",
      "Nx's docker plugin, bundled",
    ]);
    for (const { phases } of result.ways) {
      const rounds = Object.values(phases).flat();
      expect(rounds).toHaveLength(3);
      expect(rounds.every(isSound)).toBe(true);
    }
  });

  it('counts the base image for a first build, much less for a change, almost nothing without one', () => {
    const pushing = result.ways.filter(({ way }) => way !== "Nx's start");
    for (const { phases } of pushing) {
      const [first, change, none] = [
        phases['first build'],
        phases['code change'],
        phases['no change'],
      ].map((rounds) => rounds[0]?.sent ?? NaN) as [number, number, number];
      expect(first).toBeGreaterThan(10e6);
      expect(change).toBeLessThan(first);
      expect(none).toBeLessThan(change);
      expect(none).toBeLessThan(20e3);
    }
  });

  it('counts only the changed one of several services', () => {
    expect(result.growth).toHaveLength(1);
    const [{ change, none } = { change: [], none: [] }] = result.growth;
    expect([...change, ...none].every(isSound)).toBe(true);
    expect(change[0]?.sent).toBeGreaterThan(0);
    expect(none[0]?.sent).toBe(0);
  });

  it('prints a table for each phase', () => {
    for (const title of ['first build', 'code change', 'no change', 'one of N changed']) {
      expect(stdout).toMatch(new RegExp(`^${title} +wall +CPU`, 'm'));
    }
  });

  it('leaves no folder behind', async () => {
    expect(await leftFolders()).toEqual(before);
  });
});

it('cleans up when it is stopped', async () => {
  const before = await leftFolders();
  const child = start('--quick');
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
    if (stderr.includes('creating the base image')) child.kill('SIGINT');
  });
  const [code] = (await once(child, 'close')) as [number];
  expect(code).toBe(1);
  expect(stderr).toContain('stopped by SIGINT');
  expect(await leftFolders()).toEqual(before);
});

it('rejects an invalid option', async () => {
  const { code, stderr } = await run('--rounds=0');
  expect(code).toBe(1);
  expect(stderr).toContain('Invalid --rounds "0"');
});
