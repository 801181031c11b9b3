import {
  type ClientToServerEvents,
  type RaceResult,
  type Round,
  type ServerToClientEvents,
  type SocketReply,
} from '@typerush/contracts';
import {
  GameClient,
  playScript,
  type SeatKey,
  socketConnection,
  typist,
} from '@typerush/game-client';
import { passageOf, type PassageReference } from '@typerush/passages';
import { wordsOf } from '@typerush/typing';
import { type Timing } from '../src/game/timing';
import { type Client, type RunningApp } from './running-app';

/** Short enough for tests that wait. */
export const quickTiming: Timing = {
  countdownMs: 300,
  graceMs: 3_000,
  settleMs: 400,
  gapMs: 300,
  tickMs: 100,
};

const wordsOfPassage = (passage: Round['passage']) =>
  wordsOf(passageOf(passage as PassageReference).text);

/** Where a player connects: an app in this process, or a service in another one. */
type Server = Pick<RunningApp, 'client'> & {
  readonly sessions: Pick<RunningApp['sessions'], 'issue'>;
};

/** A player with a socket and the client that the page uses. */
export class TestPlayer {
  private constructor(
    readonly token: string,
    readonly playerId: string,
    readonly socket: Client,
    readonly client: GameClient,
  ) {}

  static async connect(running: Server, name: string): Promise<TestPlayer> {
    const { token, playerId } = await running.sessions.issue(name);
    return TestPlayer.withToken(running, { token, playerId });
  }

  static async withToken(
    running: Server,
    { token, playerId, seat }: { token: string; playerId: string; seat?: SeatKey | undefined },
  ): Promise<TestPlayer> {
    const socket = running.client({ token });
    const client = new GameClient({
      connection: socketConnection(socket),
      playerId,
      wordsOf: wordsOfPassage,
      ...(seat && { seat }),
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', reject);
    });
    return new TestPlayer(token, playerId, socket, client);
  }

  /** Resolves with the next event of this name. */
  next<E extends keyof ServerToClientEvents>(
    event: E,
  ): Promise<Parameters<ServerToClientEvents[E]>[0]> {
    return new Promise((resolve) => {
      const stop = this.client.on(event, ((value: never) => {
        stop();
        resolve(value);
      }) as never);
    });
  }

  nextResult(): Promise<RaceResult> {
    return this.next('race-result');
  }

  /** Types what a person would, in the current round, to the end or for `share` of it. */
  async typeText(wpm: number, share = 1): Promise<void> {
    const { typing } = this.client;
    if (!typing) throw new Error('no round');
    const script = typist(
      wordsOfPassage(typing.round.passage),
      { wpm, errorRate: 0.04 },
      Math.random,
    );
    await playScript(this.client, script.slice(0, Math.ceil(script.length * share)));
  }

  /** Sends anything at all, and returns what was answered. */
  send(event: string, ...payloads: unknown[]): Promise<SocketReply<object>> {
    const untyped = this.socket as unknown as {
      emitWithAck(event: string, ...args: unknown[]): Promise<SocketReply<object>>;
    };
    return untyped.emitWithAck(event, ...payloads);
  }

  /** The code of the refusal, or `ok`. */
  async outcome(
    event: keyof ClientToServerEvents | string,
    ...payloads: unknown[]
  ): Promise<string> {
    const reply = await this.send(event, ...payloads);
    return reply.ok ? 'ok' : reply.error.code;
  }
}

/** Players in one room: the first creates it and is its host. */
export async function playersInRoom(
  running: Server,
  settings: Parameters<GameClient['createRoom']>[0],
  ...names: string[]
): Promise<TestPlayer[]> {
  const players = await Promise.all(names.map((name) => TestPlayer.connect(running, name)));
  const [host, ...others] = players;
  if (!host) throw new Error('no players');
  const { code } = await host.client.createRoom(settings);
  for (const other of others) await other.client.joinRoom(code);
  return players;
}

/** Everybody is ready, and the host starts; resolves when each client has the countdown. */
export async function startRace(players: readonly TestPlayer[]): Promise<void> {
  const countdowns = players.map((player) => player.next('countdown'));
  const [host, ...others] = players;
  for (const other of others) await other.client.request('ready', { isReady: true });
  await host?.client.request('start', {});
  await Promise.all(countdowns);
}

/** Waits for what another part of this process is about to do. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
