import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { endProcesses } from './end-processes';
import { markedProcesses, marker, processTime, residentBytes, treeTime } from './processor-time';

const mark = `test-${process.pid}`;
const work = `const end = process.cpuUsage().user + 2e5; while (process.cpuUsage().user < end);`;

function startNode(script: string): ChildProcess {
  const env = { PATH: process.env['PATH'], [marker]: mark };
  return spawn(process.execPath, ['-e', script], { env, stdio: ['ignore', 'pipe', 'inherit'] });
}

jest.setTimeout(60_000);
afterEach(() => endProcesses(mark));

const onLinux = process.platform === 'linux' ? it : it.skip;

onLinux('counts the time of an ended program and of its children', async () => {
  const before = await treeTime(mark);
  const inner = JSON.stringify(work);
  const script = `require('child_process').execFileSync(process.execPath, ['-e', ${inner}]); ${work}`;
  await once(startNode(script), 'close');
  expect((await treeTime(mark)) - before).toBeGreaterThanOrEqual(0.4);
});

onLinux('counts the time of a running program, until it is ended', async () => {
  const before = await treeTime(mark);
  const child = startNode(`${work} console.log('done'); setInterval(() => {}, 1000);`);
  await once(child.stdout ?? child, 'data');
  expect((await treeTime(mark)) - before).toBeGreaterThanOrEqual(0.2);
  expect(await markedProcesses(mark)).toEqual([child.pid]);
  const ended = once(child, 'exit');
  await endProcesses(mark);
  await ended;
  expect(await markedProcesses(mark)).toEqual([]);
});

onLinux('reads the processor time and the memory of one process', async () => {
  const child = startNode(`${work} console.log('done'); setInterval(() => {}, 1000);`);
  await once(child.stdout ?? child, 'data');
  const pid = child.pid ?? NaN;
  expect(await processTime(pid)).toBeGreaterThanOrEqual(0.2);
  expect(await residentBytes(pid)).toBeGreaterThan(1e7);
});
