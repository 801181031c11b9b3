import { randomUUID } from 'node:crypto';
import { fetchText } from './http-client';
import { type Send } from './load';

/** The leaderboard of the races: all players are on it. */
export const board = 'type-race.english-200.10';

/** A kind of request. */
export interface RequestKind {
  readonly name: string;
  /** @param url of the server */
  readonly sendTo: (url: string) => Send;
}

/** What identifies a round and its players; nothing of the rest depends on it. */
interface Round {
  raceId: string;
  startedAt: string;
  finishedAt: string;
  mode: string;
  players: { playerId: string; name: string }[];
}

export interface Players {
  /** Some of those on the leaderboard. */
  readonly ids: readonly string[];
  /** The positions after some entries of the leaderboard. */
  readonly cursors: readonly string[];
}

/** @param rounds as JSON, each a body that the service accepts */
export function requestKinds(
  { ids, cursors }: Players,
  rounds: readonly string[],
  token: string,
): RequestKind[] {
  const get = (name: string, pathOf: () => string): RequestKind => ({
    name,
    sendTo: (url) => () => fetchText(`${url}${pathOf()}`),
  });
  const races = rounds
    .map((text) => JSON.parse(text) as Round)
    .filter(({ mode }) => mode === 'type-race');
  return [
    get('first page', () => `/v1/leaderboards/${board}`),
    get('any page', () => `/v1/leaderboards/${board}?cursor=${pick(cursors)}`),
    get('around me', () => `/v1/leaderboards/${board}/around/${pick(ids)}`),
    get('profile', () => `/v1/players/${pick(ids)}`),
    {
      name: 'write',
      sendTo: (url) => () =>
        fetchText(`${url}/v1/matches`, {
          token,
          body: JSON.stringify(roundNow(pick(races), pickTwo(ids), new Date())),
        }),
    },
  ];
}

/** The same round at another time, by other players. */
export function roundNow(round: Round, playerIds: readonly string[], now: Date): Round {
  const tookMs = Date.parse(round.finishedAt) - Date.parse(round.startedAt);
  return {
    ...round,
    raceId: randomUUID(),
    startedAt: new Date(now.getTime() - tookMs).toISOString(),
    finishedAt: now.toISOString(),
    players: round.players.map((player, index) => ({
      ...player,
      playerId: playerIds[index] ?? player.playerId,
    })),
  };
}

function pick<T>(items: readonly T[]): T {
  const item = items[Math.floor(Math.random() * items.length)];
  if (item === undefined) throw new RangeError('nothing to pick from');
  return item;
}

/** Two different ones. */
export function pickTwo<T>(items: readonly T[]): [T, T] {
  const first = Math.floor(Math.random() * items.length);
  const distance = 1 + Math.floor(Math.random() * (items.length - 1));
  return [items[first] as T, items[(first + distance) % items.length] as T];
}
