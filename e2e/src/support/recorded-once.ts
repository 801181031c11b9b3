import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { waitFor } from './local-registry';
import { type PlayedRace } from './played-races';
import { type RunningGame } from './running-game';

interface Match {
  readonly players: readonly { readonly playerId: string; readonly rank: number | null }[];
}

/** Waits until game-service has nothing left to send, and set nothing aside. */
export async function untilAllAreSent(game: RunningGame, seconds: number): Promise<void> {
  await waitFor(async () => {
    const metrics = await (await fetch(`${game.url}/metrics`)).text();
    return /^game_outbox_pending\S* 0$/m.test(metrics);
  }, seconds);
  expect(await readdir(join(game.outbox, 'pending'))).toEqual([]);
  expect(await readdir(join(game.outbox, 'rejected'))).toEqual([]);
}

/** Each race is recorded with the ranks that its players saw, and counts once for each of them. */
export async function expectRecordedOnce(
  game: RunningGame,
  races: readonly PlayedRace[],
): Promise<void> {
  const read = async <T>(path: string) => {
    const response = await fetch(`${game.recordsUrl}${path}`);
    expect([path, response.status]).toEqual([path, 200]);
    return (await response.json()) as T;
  };
  const expected = new Map<string, number>();
  for (const { raceId, standings } of races) {
    const { players } = await read<Match>(`/v1/matches/${raceId}/1`);
    expect(ranksOf(players)).toEqual(ranksOf(standings));
    for (const { playerId } of standings) {
      expected.set(playerId, (expected.get(playerId) ?? 0) + 1);
    }
  }
  for (const [playerId, matches] of expected) {
    expect(await read(`/v1/players/${playerId}`)).toMatchObject({ playerId, matches });
  }
}

/** By player: of two with the same time, either may be first in the list. */
function ranksOf(players: Match['players']): Record<string, number | null> {
  return Object.fromEntries(players.map(({ playerId, rank }) => [playerId, rank]));
}
