import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { guestSessionSchema } from '@typerush/contracts';
import { build } from 'esbuild';
import { io } from 'socket.io-client';
import { typeRace } from '../test/game-fixtures';
import { secret } from '../test/running-app';
import { startRace, TestPlayer } from '../test/test-player';
import { SessionTokens } from './sessions/session-tokens';

/** As the service makes them, with the same secret. */
const sessions = new SessionTokens({ secret, ttlMs: 3_600_000, now: Date.now });

// A process starts slowly on a busy machine.
jest.setTimeout(30_000);

/** The service as an image runs it: one bundled file, in a process of its own. */
describe('the bundled service', () => {
  let folder: string;
  let child: ChildProcess | undefined;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'game-service-'));
    await build({
      entryPoints: [join(__dirname, 'main.ts')],
      outfile: join(folder, 'main.js'),
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'cjs',
      logLevel: 'warning',
    });
  });
  afterEach(() => void child?.kill('SIGKILL'));
  afterAll(() => rm(folder, { recursive: true }));

  function start(env: Record<string, string>): ChildProcess {
    child = spawn(process.execPath, ['main.js'], { cwd: folder, env: { PORT: '0', ...env } });
    return child;
  }

  it('plays its part from start to SIGTERM, and writes no file', async () => {
    const service = start({ SESSION_SECRET: secret });
    const url = await listeningUrl(service);
    const created = await fetch(`${url}/api/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Ada' }),
    });
    const { token } = guestSessionSchema.parse(await created.json());
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    const client = io(url, { auth: { token }, transports: ['websocket'], reconnection: false });
    expect(await client.emitWithAck('clock', { t0: 7 })).toMatchObject({ ok: true, t0: 7 });
    const gone = new Promise((resolve) => client.once('disconnect', resolve));
    const exit = once(service, 'exit');
    service.kill('SIGTERM');
    await gone;
    expect(await exit).toEqual([0, null]);
    expect(await readdir(folder)).toEqual(['main.js']);
  });

  it('lets a race end after SIGTERM, and exits then', async () => {
    const service = start({ SESSION_SECRET: secret });
    const url = await listeningUrl(service);
    const ada = await TestPlayer.connect(
      { sessions, client: (auth) => io(url, { auth, transports: ['websocket'] }) },
      'Ada',
    );
    await ada.client.createRoom(typeRace);
    await ada.client.request('add-bot', { wpm: 60, errorRate: 0 });
    await startRace([ada]);
    const exit = once(service, 'exit');
    const [result, stopping] = [ada.nextResult(), ada.next('stopping')];
    service.kill('SIGTERM');
    await ada.typeText(200);
    expect((await result).standings[0]).toMatchObject({ playerId: ada.playerId, rank: 1 });
    await stopping;
    ada.socket.disconnect();
    expect(await exit).toEqual([0, null]);
  });

  it('names the missing variable, and exits with 1', async () => {
    const service = start({});
    let stderr = '';
    service.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    expect(await once(service, 'close')).toEqual([1, null]);
    expect(stderr).toContain('SESSION_SECRET is not set.');
    expect(stderr).not.toContain('    at ');
  });
});

async function listeningUrl(service: ChildProcess): Promise<string> {
  if (!service.stdout) throw new Error('no stdout');
  for await (const line of createInterface({ input: service.stdout })) {
    const { msg, url } = JSON.parse(line) as Record<string, unknown>;
    if (msg === 'listening') {
      service.stdout.resume();
      return String(url);
    }
  }
  throw new Error('ended before it listened');
}
