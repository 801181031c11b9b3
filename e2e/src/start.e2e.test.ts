import type { ChildProcess } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { randomUUID } from 'node:crypto';
import { freePort } from './support/free-port';
import { ecrClient, imagesOf, waitFor } from './support/local-registry';
import { processesWith } from './support/processes';
import { exitCode, launch, run } from './support/run';
import { WorkspaceCopy } from './support/workspace-copy';

const repositories = ['typerush/game-service', 'typerush/record-service'];

interface Started {
  page: string;
  registry: string;
  services: { name: string; ready: string; image: string; tags: string[] }[];
}

describe('npm start', () => {
  const marker = `TYPERUSH_E2E_RUN=${randomUUID()}`;
  let workspace: WorkspaceCopy;
  let env: Record<string, string | undefined>;

  beforeAll(async () => {
    workspace = await WorkspaceCopy.create();
    const [name = '', value] = marker.split('=');
    env = {
      ...workspace.env,
      [name]: value,
      ECR_LOCAL_PORT: String(await freePort()),
      GAME_SERVICE_PORT: String(await freePort()),
      RECORD_SERVICE_PORT: String(await freePort()),
      WEB_PORT: String(await freePort()),
    };
  });
  afterAll(async () => {
    for (const pid of await processesWith(marker)) process.kill(pid, 'SIGKILL');
    await workspace.remove();
  });

  const npm = (...args: string[]) =>
    launch('npm', args, { cwd: workspace.root, env, detached: true });
  const start = (...args: string[]) => npm('start', '--silent', '--', ...args);

  const started = async <Report = Started>(child: ChildProcess): Promise<Report> => {
    let stdout = '';
    let stderr = '';
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    let ended = false;
    void exitCode(child).then(() => (ended = true));
    await waitFor(async () => ended || stdout.endsWith('\n'), 300);
    if (ended) throw new Error(`npm start ended: ${stdout}${stderr}`);
    return JSON.parse(stdout) as Report;
  };

  const untilGone = () =>
    waitFor(async () => (await processesWith(marker)).length === 0).catch(async (cause) => {
      throw new Error(`still running: ${await processesWith(marker)}`, { cause });
    });

  let first: Map<string, string[]>[];

  it('starts both services and pushes their tagged images, until Ctrl-C', async () => {
    const child = start('--json');
    const report = await started(child);
    expect(report.services.map(({ name }) => name).sort()).toEqual([
      'game-service',
      'record-service',
    ]);
    for (const { ready } of report.services) expect((await fetch(ready)).status).toBe(200);

    const page = await fetch(report.page);
    expect(await page.text()).toContain('<title>TypeRush</title>');
    const records = await fetch(new URL('/records', report.page));
    expect([records.status, await records.json()]).toEqual([200, { modes: [] }]);

    const sha = (await workspace.git('rev-parse', '--short=7', 'HEAD')).trim();
    const ecr = ecrClient(report.registry);
    first = await Promise.all(repositories.map((name) => imagesOf(ecr, name)));
    for (const images of first) {
      // Referrers of an image have no tag.
      expect([...images.values()].filter(({ length }) => length > 0)).toEqual([
        expect.arrayContaining([
          'latest',
          `dev-${sha}`,
          expect.stringMatching(/^dev-\d{8}T\d{6}Z$/),
        ]),
      ]);
    }
    const console = await fetch(report.registry, { headers: { accept: 'text/html' } });
    const text = await console.text();
    for (const name of repositories) expect(text).toContain(name);
    // Like Ctrl-C in a terminal: the signal goes to the whole foreground group.
    process.kill(-(child.pid ?? 0), 'SIGINT');
    await untilGone();
  });

  it('leaves a clean working tree', async () => {
    expect(await workspace.git('status', '--porcelain')).toBe('');
  });

  it('continues with the existing data at the second start', async () => {
    const child = start('--json');
    const { registry } = await started(child);
    const ecr = ecrClient(registry);
    expect(await Promise.all(repositories.map((name) => imagesOf(ecr, name)))).toEqual(first);
    // Like a supervisor: only npm gets the signal.
    child.kill('SIGTERM');
    await untilGone();
  });

  it('runs everything from source with npm run dev, and again after a change', async () => {
    const child = npm('run', 'dev', '--silent', '--', '--json');
    const { page } = await started<Pick<Started, 'page'>>(child);
    expect(await (await fetch(page)).text()).toContain('/@vite/client');
    expect((await fetch(new URL('/records', page))).status).toBe(200);
    const createSession = async () => {
      const response = await fetch(new URL('/api/sessions', page), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'Ada' }),
      });
      return response.status;
    };
    expect(await createSession()).toBe(201);
    const file = workspace.path('apps/game-service/src/sessions/session-routes.ts');
    const source = await readFile(file, 'utf8');
    await writeFile(file, source.replace('.status(201)', '.status(202)'));
    await waitFor(async () => (await createSession()) === 202);
    await writeFile(file, source);
    process.kill(-(child.pid ?? 0), 'SIGINT');
    await untilGone();
  });

  it('names a port in use and the fix, and starts nothing', async () => {
    const server = createServer();
    await new Promise<void>((resolve) =>
      server.listen(Number(env.GAME_SERVICE_PORT), '127.0.0.1', resolve),
    );
    const result = await run('npm', ['start', '--silent'], { cwd: workspace.root, env });
    server.close();
    expect(result.code).not.toBe(0);
    expect(result.output).toContain(`port ${env.GAME_SERVICE_PORT} (game-service) is in use`);
    expect(result.output).toContain('GAME_SERVICE_PORT=');
    expect(result.output).not.toMatch(/\n\s+at /);
    expect(await processesWith(marker)).toEqual([]);
  });
});
