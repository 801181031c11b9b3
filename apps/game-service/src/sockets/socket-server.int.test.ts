import { once } from 'node:events';
import { connect } from 'node:net';
import { clockReadingSchema, socketErrorSchema, socketFailureSchema } from '@typerush/contracts';
import request from 'supertest';
import { type Client, RunningApp } from '../../test/running-app';
import { maxMessageBytes } from './socket-server';

const now = () => 1_795_280_400_000;

describe('sockets', () => {
  let running: RunningApp;
  beforeEach(async () => (running = await RunningApp.start({ now })));
  afterEach(() => running.stop());

  /** Sends anything at all and waits for its acknowledgement. */
  function send(client: Client, event: string, ...payloads: unknown[]): Promise<unknown> {
    const untyped = client as unknown as {
      emitWithAck(event: string, ...args: unknown[]): Promise<unknown>;
    };
    return untyped.emitWithAck(event, ...payloads);
  }

  async function failure(client: Client, event: string, ...payloads: unknown[]): Promise<string> {
    return socketFailureSchema.parse(await send(client, event, ...payloads)).error.code;
  }

  async function isAlive(client: Client): Promise<void> {
    expect(await send(client, 'clock', { t0: 1 })).toEqual({ ok: true, t0: 1, t1: now() });
  }

  it('return the same time to two players', async () => {
    const [ada, grace] = await Promise.all([running.player('Ada'), running.player('Grace')]);
    const readings = await Promise.all([
      send(ada, 'clock', { t0: 12.5 }),
      send(grace, 'clock', { t0: 99 }),
    ]);
    expect(readings).toEqual([
      { ok: true, t0: 12.5, t1: now() },
      { ok: true, t0: 99, t1: now() },
    ]);
    expect(clockReadingSchema.safeParse({ t0: 12.5, t1: now() }).success).toBe(true);
  });

  it('are counted while they are connected', async () => {
    const metric = async () => (await request(running.url).get('/metrics')).text;
    const [ada] = await Promise.all([running.player('Ada'), running.player('Grace')]);
    await isAlive(ada);
    expect(await metric()).toContain('game_sockets_connected{service="game-service"} 2');
    expect(await metric()).toContain(
      'game_socket_events_total{event="clock",outcome="ok",service="game-service"} 1',
    );
    ada.disconnect();
    await until(() => running.lines.some(({ msg }) => msg === 'socket disconnected'));
    expect(await metric()).toContain('game_sockets_connected{service="game-service"} 1');
  });

  describe('refuse a handshake', () => {
    async function refusal(auth: object): Promise<string> {
      const client = running.client(auth);
      const error = await new Promise<Error & { data?: unknown }>((resolve, reject) => {
        client.once('connect_error', resolve);
        client.once('connect', () => reject(new Error('was let in')));
      });
      return socketErrorSchema.parse(error.data).code;
    }

    it.each([
      ['without a token', {}],
      ['with a token that is not text', { token: { toString: 'x' } }],
      ['with a forged token', { token: 'e30.e30.AAAA' }],
      ['with more than a token', { token: 'x', playerId: 'y' }],
      ['with a token that is too long', { token: 'x'.repeat(5_000) }],
    ])('%s', async (_what, auth) => expect(await refusal(auth)).toBe('UNAUTHENTICATED'));

    it('with a session that has expired', async () => {
      const { token } = await running.sessions.issue('Ada');
      const later = await RunningApp.start({ now: () => now() + 3_600_000 });
      const client = later.client({ token });
      const error = await new Promise<Error & { data?: unknown }>((resolve) =>
        client.once('connect_error', resolve),
      );
      await later.stop();
      expect(error.data).toMatchObject({ code: 'SESSION_EXPIRED' });
    });
  });

  it.each([
    ['nothing', []],
    ['null', [null]],
    ['a text', ['5']],
    ['a list', [[1]]],
    ['no time', [{}]],
    ['a time that is not a number', [{ t0: '5' }]],
    ['a time before all time', [{ t0: -1 }]],
    ['an unknown field', [{ t0: 1, t1: 2 }]],
    ['two payloads', [{ t0: 1 }, { t0: 2 }]],
    ['bytes', [Buffer.from('t0')]],
  ])('refuse a clock event with %s, and live on', async (_what, payloads) => {
    const client = await running.player('Ada');
    expect(await failure(client, 'clock', ...payloads)).toBe('INVALID_REQUEST');
    await isAlive(client);
  });

  it.each([
    'win',
    'error',
    '',
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'connection',
  ])('reject the unknown event %j, and keep running', async (event) => {
    const client = await running.player('Ada');
    expect(await failure(client, event, { t0: 1 })).toBe('UNKNOWN_EVENT');
    await isAlive(client);
  });

  it('drop an event without an acknowledgement, known or not, and live on', async () => {
    const client = await running.player('Ada');
    const untyped = client as unknown as { emit(event: string, ...args: unknown[]): void };
    for (const event of ['clock', 'error', 'win']) {
      untyped.emit(event);
      untyped.emit(event, { t0: 1 });
      untyped.emit(event, 'not a function');
    }
    await isAlive(client);
    expect(running.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('reject one player’s flood, but no other player’s events', async () => {
    const [ada, grace] = await Promise.all([running.player('Ada'), running.player('Grace')]);
    const replies = await Promise.all(
      Array.from({ length: 150 }, () => send(ada, 'clock', { t0: 1 }) as Promise<{ ok: boolean }>),
    );
    const refused = replies.filter(({ ok }) => !ok);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]).toMatchObject({ error: { code: 'RATE_LIMITED' } });
    await isAlive(grace);
  });

  it('cut off a client that sends far more than a player can', async () => {
    const [ada, grace] = await Promise.all([running.player('Ada'), running.player('Grace')]);
    const gone = disconnected(ada);
    for (let count = 0; count < 3_000; count += 1) ada.emit('clock', { t0: 1 }, () => undefined);
    await gone;
    await isAlive(grace);
    expect(running.lines.map(({ msg }) => msg)).toContain('connection cut off: too many packets');
  });

  it('cut off a message that is too large', async () => {
    const [ada, grace] = await Promise.all([running.player('Ada'), running.player('Grace')]);
    const gone = disconnected(ada);
    void send(ada, 'x'.repeat(maxMessageBytes), {}).catch(() => undefined);
    await gone;
    await isAlive(grace);
  });

  it('cut off packets that are not Socket.IO', async () => {
    const [ada, grace] = await Promise.all([running.player('Ada'), running.player('Grace')]);
    const gone = disconnected(ada);
    ada.io.engine.write('9[not a packet');
    await gone;
    await isAlive(grace);
  });

  it('come by WebSocket alone', async () => {
    const answer = await request(running.url).get('/socket.io/?EIO=4&transport=polling');
    expect(answer.status).toBe(400);
    const script = await request(running.url).get('/socket.io/socket.io.js');
    expect(script.status).toBe(400);
  });

  it('survive an upgrade of another protocol', async () => {
    const client = connect(Number(new URL(running.url).port), '127.0.0.1');
    client.write(
      'GET /elsewhere HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n',
    );
    await once(client.resume(), 'close');
    await isAlive(await running.player('Ada'));
  });

  it('are notified that the instance stops, and end', async () => {
    const client = await running.player('Ada');
    const notified = new Promise<void>((resolve) => client.once('stopping', resolve));
    const gone = disconnected(client);
    running.app.drain();
    await notified;
    // Not "io server disconnect", after which a client would not connect again.
    expect(await gone).toBe('transport close');
  });
});

function disconnected(client: Client): Promise<string> {
  return new Promise((resolve) => client.once('disconnect', resolve));
}

/** Waits for what another part of this process is about to do. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
