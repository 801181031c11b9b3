import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RecordState } from '@typerush/contracts';
import { createLogger, createMetrics, type Metrics } from '@typerush/service-kit';
import { RecordStub } from '../../test/record-stub';
import { finishedRound } from '../../test/room-world';
import { until } from '../../test/test-player';
import { FolderOutbox } from './folder-outbox';
import { MemoryOutbox } from './memory-outbox';
import { Outbox } from './outbox';
import { type OutboxStore } from './outbox-store';
import { RecordWriter } from './record-writer';

const backoff = { baseMs: 20, maxMs: 60 };
const serviceToken = 'a token of thirty-two characters';

describe('the outbox', () => {
  let folder: string;
  let stub: RecordStub;
  let metrics: Metrics;
  const open: Outbox[] = [];
  const lines: Record<string, unknown>[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'outbox-'));
    lines.length = 0;
  });
  afterEach(async () => {
    for (const outbox of open.splice(0)) await outbox.close(0);
    await stub?.stop();
    await rm(folder, { recursive: true });
  });

  const start = (store: OutboxStore) => {
    metrics = createMetrics({ service: 'test' });
    const outbox = new Outbox({
      store,
      writer: new RecordWriter({ recordServiceUrl: stub.url, serviceToken, timeoutMs: 2_000 }),
      logger: createLogger({
        service: 'test',
        level: 'info',
        destination: { write: (line) => void lines.push(JSON.parse(line) as (typeof lines)[0]) },
      }),
      metrics,
      backoff,
      rescanMs: 50,
    });
    open.push(outbox);
    return outbox;
  };
  const startFolder = async () => start(await FolderOutbox.open(folder, 10_000_000));
  const pending = () => readdir(join(folder, 'pending'));
  const metric = async (name: string) =>
    (await metrics.registry.metrics()).split('\n').filter((line) => line.startsWith(name));

  it('sends a result once, with the token, and removes it', async () => {
    stub = await new RecordStub().start();
    const outbox = await startFolder();
    const finished = finishedRound();
    const states: RecordState[] = [];
    expect(await outbox.keep(finished, (state) => states.push(state))).toBe('queued');
    await until(() => states.includes('recorded'));
    expect(states).toEqual(['queued', 'recorded']);
    expect(stub.accepted).toEqual([finished]);
    expect([...stub.authorizations]).toEqual([`Bearer ${serviceToken}`]);
    expect(await pending()).toEqual([]);
    expect((await metric('game_results_total')).join()).toMatch(/outcome="recorded".* 1$/);
    expect((await metric('game_outbox_pending')).join()).toMatch(/ 0$/);
  });

  it('has a result on the disk when it reports it as queued', async () => {
    stub = await new RecordStub(() => new Promise(() => undefined)).start();
    const outbox = await startFolder();
    const finished = finishedRound();
    await outbox.keep(finished);
    const found = await pending();
    expect(found).toEqual([`${finished.raceId}.1.json`]);
    expect(JSON.parse(await readFile(join(folder, 'pending', found[0]!), 'utf8'))).toEqual(
      finished,
    );
  });

  it('keeps results while record-service is down, and sends each when it is back', async () => {
    stub = await new RecordStub().start();
    await stub.stop();
    const outbox = await startFolder();
    const rounds = Array.from({ length: 20 }, () => finishedRound());
    await Promise.all(rounds.map((one) => outbox.keep(one)));
    await until(() =>
      lines.some(({ msg }) => String(msg).startsWith('record-service unavailable')),
    );
    expect((await pending()).length).toBe(20);
    await stub.start();
    await until(() => outbox.pendingCount === 0);
    expect(stub.accepted.map(({ raceId }) => raceId).sort()).toEqual(
      rounds.map(({ raceId }) => raceId).sort(),
    );
    expect(lines.map(({ msg }) => msg)).toContain('results are sent again');
    // One line, however many results wait.
    expect(lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
  });

  it('tries an unavailable record-service with one result at a time, and a well one with four', async () => {
    let isDown = true;
    stub = await new RecordStub(async () => {
      await new Promise((resolve) => setTimeout(resolve, 10));
      return { status: isDown ? 503 : 201 };
    }).start();
    const outbox = await startFolder();
    await Promise.all(Array.from({ length: 30 }, () => outbox.keep(finishedRound())));
    await until(() => stub.requests > 6);
    stub.mostRunning = 0;
    await until(() => stub.requests > 10);
    expect(stub.mostRunning).toBe(1);
    isDown = false;
    await until(() => outbox.pendingCount === 0);
    expect(stub.mostRunning).toBe(4);
  });

  it('waits as long as Retry-After demands', async () => {
    const times: number[] = [];
    stub = await new RecordStub((n) => {
      times.push(performance.now());
      return n === 1 ? { status: 429, headers: { 'retry-after': '1' } } : { status: 201 };
    }).start();
    const outbox = await startFolder();
    await outbox.keep(finishedRound());
    await until(() => outbox.pendingCount === 0);
    expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(990);
  });

  it.each([
    [400, 'INVALID_REQUEST'],
    [409, 'CONFLICT'],
    [413, 'PAYLOAD_TOO_LARGE'],
    [422, 'NOT_PROCESSABLE'],
  ])(
    'sets a result aside that gets %i, with the reason, and sends the others',
    async (status, code) => {
      const bad = finishedRound();
      stub = await new RecordStub((_n, raceId) =>
        raceId === bad.raceId ? { status, body: { code, detail: 'Wrong.' } } : { status: 201 },
      ).start();
      const outbox = await startFolder();
      const states: RecordState[] = [];
      await outbox.keep(bad, (state) => states.push(state));
      await outbox.keep(finishedRound());
      await until(() => outbox.pendingCount === 0);
      expect(states).toEqual(['queued', 'rejected']);
      expect(stub.accepted).toHaveLength(1);
      const name = `${bad.raceId}.1`;
      const rejected = join(folder, 'rejected');
      expect((await readdir(rejected)).sort()).toEqual([`${name}.json`, `${name}.reason.txt`]);
      expect(await readFile(join(rejected, `${name}.reason.txt`), 'utf8')).toBe(
        `record-service responded with ${status} ${code} Wrong.\n`,
      );
      expect(lines).toContainEqual(
        expect.objectContaining({ level: 'error', name, msg: 'result rejected: set aside' }),
      );
      expect((await metric('game_results_total')).join()).toContain('outcome="rejected"');
    },
  );

  it.each([
    [500, 'INTERNAL'],
    [422, 'TYPING_VERSION_UNKNOWN'],
    [422, 'PASSAGE_UNKNOWN'],
  ])('sends the others past a result that gets %i %s, and that one later', async (status, code) => {
    const bad = finishedRound();
    let isFixed = false;
    stub = await new RecordStub((_n, raceId) =>
      raceId === bad.raceId && !isFixed ? { status, body: { code } } : { status: 201 },
    ).start();
    const outbox = await startFolder();
    await outbox.keep(bad);
    await Promise.all(Array.from({ length: 5 }, () => outbox.keep(finishedRound())));
    await until(() => stub.accepted.length === 5);
    isFixed = true;
    await until(() => outbox.pendingCount === 0);
    expect(stub.accepted).toHaveLength(6);
  });

  it.each([401, 403, 404, 302, 502, 503])(
    'keeps a result that gets %i until record-service accepts it',
    async (status) => {
      stub = await new RecordStub((n) => ({ status: n < 3 ? status : 200 })).start();
      const outbox = await startFolder();
      await outbox.keep(finishedRound());
      await until(() => outbox.pendingCount === 0);
      expect(stub.accepted).toHaveLength(1);
      expect(lines[0]?.['reason']).toContain(String(status));
    },
  );

  it('sends what a process before it kept', async () => {
    stub = await new RecordStub().start();
    await stub.stop();
    const rounds = [finishedRound(), finishedRound()];
    const before = await startFolder();
    for (const one of rounds) await before.keep(one);
    await before.close(0);
    open.length = 0;
    await stub.start();
    const after = await startFolder();
    await until(() => stub.accepted.length === 2);
    await until(() => after.pendingCount === 0);
    const idsOf = (all: readonly { readonly raceId: string }[]) => all.map(({ raceId }) => raceId);
    expect(idsOf(stub.accepted).sort()).toEqual(idsOf(rounds).sort());
  });

  it('has one sender for a folder, which also sends the results of other processes', async () => {
    stub = await new RecordStub().start();
    const first = await startFolder();
    await first.keep(finishedRound());
    await until(() => first.pendingCount === 0);
    const second = await startFolder();
    const rounds = Array.from({ length: 10 }, () => finishedRound());
    await Promise.all(rounds.map((one, index) => (index % 2 ? first : second).keep(one)));
    await until(() => first.pendingCount === 0 && second.pendingCount === 0);
    expect(stub.accepted).toHaveLength(11);
    expect(new Set(stub.accepted.map(({ raceId }) => raceId)).size).toBe(11);
    // The other one takes over.
    await first.close(0);
    await second.keep(finishedRound());
    await until(() => stub.accepted.length === 12);
  });

  it('keeps the first of two results with the same race and round', async () => {
    stub = await new RecordStub().start();
    await stub.stop();
    const outbox = await startFolder();
    const finished = finishedRound();
    await outbox.keep(finished);
    await outbox.keep({ ...finished, players: [] });
    await stub.start();
    await until(() => outbox.pendingCount === 0);
    expect(stub.accepted).toEqual([finished]);
  });

  it('reports a result as lost when its limit is reached, and keeps those before', async () => {
    stub = await new RecordStub(() => new Promise(() => undefined)).start();
    const one = finishedRound();
    const bytes = JSON.stringify(one).length;
    const outbox = start(await FolderOutbox.open(folder, bytes * 2.5));
    const states = [];
    for (const next of [one, finishedRound(), finishedRound()])
      states.push(await outbox.keep(next));
    expect(states).toEqual(['queued', 'queued', 'lost']);
    expect(await pending()).toHaveLength(2);
    expect(lines).toContainEqual(
      expect.objectContaining({
        level: 'error',
        err: expect.objectContaining({ code: 'OUTBOX_FULL' }),
      }),
    );
    expect((await metric('game_results_total')).join()).toContain('outcome="lost"');
  });

  it('sends what is left before it closes, if record-service answers', async () => {
    stub = await new RecordStub(async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return { status: 201 };
    }).start();
    const outbox = await startFolder();
    await Promise.all(Array.from({ length: 20 }, () => outbox.keep(finishedRound())));
    await until(() => stub.accepted.length > 0);
    await outbox.close(5_000);
    expect(stub.accepted).toHaveLength(20);
    expect(await pending()).toEqual([]);
  });

  it('closes at once if record-service is down, and keeps what is left', async () => {
    stub = await new RecordStub().start();
    await stub.stop();
    const outbox = await startFolder();
    await outbox.keep(finishedRound());
    await until(() => lines.length > 0);
    const startedAt = performance.now();
    await outbox.close(30_000);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    expect(await pending()).toHaveLength(1);
    expect(lines.at(-1)).toMatchObject({ msg: 'results are sent after the next start', left: 1 });
  });

  it('in memory is only a choice, and reports what it loses', async () => {
    stub = await new RecordStub().start();
    const outbox = start(new MemoryOutbox(1_000_000));
    await outbox.keep(finishedRound());
    await until(() => outbox.pendingCount === 0);
    await stub.stop();
    await outbox.keep(finishedRound());
    await outbox.close(50);
    expect(lines.at(-1)).toMatchObject({ level: 'error', left: 1 });
    expect(stub.accepted).toHaveLength(1);
  });
});
