import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { environments } from '@typerush/image-registry';

const main = path.join(__dirname, 'main.ts');
const tsx = createRequire(__filename).resolve('tsx');
const image = {
  repository: 'game-service',
  retention: 'environment',
  port: 3000,
  health: '/health',
};

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'infra-'));
  await write('registry.json', { namespace: 'typerush', naming: 'shared' });
  await write('apps/game-service/image.json', image);
  await mkdir(path.join(root, 'apps/web'));
});
afterEach(() => rm(root, { recursive: true }));

async function write(file: string, content: unknown): Promise<void> {
  await mkdir(path.dirname(path.join(root, file)), { recursive: true });
  await writeFile(path.join(root, file), JSON.stringify(content));
}

/** Runs the app as the CDK does, in a process of its own. */
async function synthesize(context: Record<string, unknown>, { validate = false } = {}) {
  const child = spawn(process.execPath, ['--import', tsx, main], {
    cwd: root,
    env: {
      PATH: process.env['PATH'],
      NODE_NO_WARNINGS: '1',
      CDK_VALIDATION: String(validate),
      CDK_OUTDIR: path.join(root, 'out'),
      CDK_CONTEXT_JSON: JSON.stringify(context),
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stderr };
}

async function templates(): Promise<string[]> {
  const files = await readdir(path.join(root, 'out'));
  return files.filter((file) => file.endsWith('.template.json')).sort();
}

describe('the CDK app', () => {
  it.each(environments)(
    'writes the stacks of %s',
    async (environment) => {
      expect(await synthesize({ environment })).toEqual({ code: 0, stderr: '' });
      expect(await templates()).toEqual(
        expect.arrayContaining(
          ['access', 'api', 'game-service', 'realtime', 'workers'].map(
            (part) => `typerush-${environment}-registry-${part}.template.json`,
          ),
        ),
      );
    },
    60_000,
  );

  it('gives the CDK’s own rules nothing to find', async () => {
    const context = { environment: 'prod', '@aws-cdk/core:validateAgainstDefaultRules': true };
    expect(await synthesize(context, { validate: true })).toEqual({ code: 0, stderr: '' });
    const report = await readFile(path.join(root, 'out/validation-report.json'), 'utf8');
    expect(JSON.parse(report)).toMatchObject({ pluginReports: [] });
  }, 60_000);

  it.each(['production', undefined])(
    'refuses the environment %s',
    async (environment) => {
      const { code, stderr } = await synthesize({ environment });
      expect(code).toBe(1);
      expect(stderr).toMatch(/one of local, dev, staging, prod/);
      expect(stderr).not.toMatch(/^ +at /m);
    },
    60_000,
  );

  it('tells all that is wrong in every image.json, and writes nothing', async () => {
    await write('apps/game-service/image.json', { ...image, retention: 'forever' });
    await write('apps/record-service/image.json', { ...image, prot: 3001 });
    const { code, stderr } = await synthesize({ environment: 'dev' });
    expect(code).toBe(1);
    expect(stderr).toBe(
      [
        'apps/game-service/image.json is not valid:',
        '  - retention: must be one of environment, release, not "forever"',
        'apps/record-service/image.json is not valid:',
        '  - prot: is not a known field. Did you mean "port"?',
        '',
      ].join('\n'),
    );
    expect(await templates()).toEqual([]);
  }, 60_000);

  it('says what to do where it does not run in a workspace', async () => {
    await rm(path.join(root, 'registry.json'));
    const { code, stderr } = await synthesize({ environment: 'dev' });
    expect(code).toBe(1);
    expect(stderr).toMatch(/registry\.json is missing\. Run this from the root of the workspace/);
  }, 60_000);
});
