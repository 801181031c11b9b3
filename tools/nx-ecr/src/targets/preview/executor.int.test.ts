import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { retentionPolicy } from '@typerush/image-registry';

const workspaceRoot = path.join(__dirname, '../../../../..');
const nx = path.join(workspaceRoot, 'node_modules/nx/dist/bin/nx.js');
const now = '2026-11-21T12:00:00Z';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'preview-'));
  await write('profile.json', retentionPolicy('environment'));
});
afterAll(() => rm(folder, { recursive: true }));

const write = (file: string, content: unknown) =>
  writeFile(path.join(folder, file), JSON.stringify(content));

const run = (...args: string[]) =>
  new Promise<{ code: number; output: string }>((resolve) => {
    const outputFile = `--outputFile=${path.join(folder, 'result.json')}`;
    const command = [nx, 'run', 'infra:preview', ...args, outputFile];
    const env = { ...process.env, NX_DAEMON: 'false' };
    const options = { cwd: workspaceRoot, env, maxBuffer: 1e8 };
    const child = execFile(process.execPath, command, options, (_, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, output: stdout + stderr }),
    );
  });

describe('nx run infra:preview --outputFile', () => {
  it('writes one complete JSON document of any length', async () => {
    const images = Array.from({ length: 5000 }, (_, n) => ({
      imageDigest: `sha256:${String(n).padStart(64, '0')}`,
      imageTags: [`dev-${n}`, ...(n === 0 ? ['latest'] : [])],
      imagePushedAt: new Date(Date.parse(now) - n * 86_400_000).toISOString(),
    }));
    await write('many.json', images);
    const { code } = await run(
      `--policy=${folder}/profile.json`,
      `--images=${folder}/many.json`,
      `--now=${now}`,
    );
    expect(code).toBe(0);
    const document = await readFile(path.join(folder, 'result.json'), 'utf8');
    expect(JSON.parse(document)).toHaveLength(4990);
    await rm(path.join(folder, 'result.json'));
  }, 60_000);

  it('writes no document and fails if the input is invalid', async () => {
    const { code, output } = await run(`--policy=${folder}/none.json`, '--images=x.json');
    expect(code).toBe(1);
    expect(output).toMatch(/Cannot read \S*none\.json: the file does not exist\./);
    await expect(readFile(path.join(folder, 'result.json'))).rejects.toThrow('ENOENT');
  }, 60_000);
});
