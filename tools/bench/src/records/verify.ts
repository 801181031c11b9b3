import { isDeepStrictEqual } from 'node:util';
import { type ClientBase } from 'pg';
import { BenchError } from '../ship/bench-error';
import { fetchText } from './http-client';
import { board } from './requests';

const pageSize = 25;
/** Above a player in the part around them. */
const above = Math.floor(pageSize / 2);

/** A row of the leaderboard as its definition gives it. */
interface Place {
  readonly rank: number;
  readonly playerId: string;
  readonly name: string;
  readonly wpm: number;
  readonly raceId: string;
  readonly achievedAt: string;
}

interface Page {
  readonly players: number;
  readonly entries: readonly Place[];
  readonly next: string | null;
}

/**
 * Compares responses of a server with what matches give, computed without any of the tables that the service derives: the
 * first two pages of each period, the parts around some players, and their profiles.
 * @returns how many responses were compared
 * @throws BenchError `RESPONSE_WRONG`
 */
export async function verify(
  client: ClientBase,
  url: string,
  playerIds: readonly string[],
): Promise<number> {
  let compared = 0;
  const read = async <T>(path: string) => JSON.parse(await fetchText(`${url}${path}`)) as T;
  const compare = (path: string, actual: unknown, expected: unknown) => {
    compared += 1;
    if (isDeepStrictEqual(actual, expected)) return;
    const values = `${JSON.stringify(actual)}\nExpected: ${JSON.stringify(expected)}`;
    throw new BenchError('RESPONSE_WRONG', `${url}${path} gives a wrong response: ${values}`);
  };

  for (const period of ['all', 'week', 'day'] as const) {
    const places = await selectPlaces(client, period);
    const comparePage = (path: string, page: Page, from: number) => {
      const expected = places.slice(Math.max(0, from), Math.max(0, from) + pageSize);
      compare(path, [page.players, page.entries.map(placeOf)], [places.length, expected]);
    };
    const first = `/v1/leaderboards/${board}?period=${period}`;
    const page = await read<Page>(first);
    comparePage(first, page, 0);
    if (page.next !== null) {
      const second = `${first}&cursor=${page.next}`;
      comparePage(second, await read<Page>(second), pageSize);
    }
    for (const id of playerIds) {
      const at = places.findIndex(({ playerId }) => playerId === id);
      if (at < 0) continue;
      const path = `/v1/leaderboards/${board}/around/${id}?period=${period}`;
      comparePage(path, await read<Page>(path), at - above);
    }
  }
  for (const id of playerIds) {
    const path = `/v1/players/${id}`;
    const { matches, ranked, wins, averages } = await read<Profile>(path);
    const actual = { matches, ranked, wins, wpm: averages?.wpm };
    compare(path, actual, await selectProfile(client, id));
  }
  return compared;
}

const placeOf = ({ rank, playerId, name, wpm, raceId, achievedAt }: Place): Place => ({
  ...{ rank, playerId, name, wpm, raceId, achievedAt },
});

/** All places of a leaderboard in the present period, best first. */
async function selectPlaces(client: ClientBase, period: 'all' | 'week' | 'day'): Promise<Place[]> {
  const ofPeriod =
    period === 'all'
      ? ''
      : `AND p.finished_at >= date_trunc('${period}', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'`;
  const { rows } = await client.query<Place & { achievedAt: Date }>(
    `SELECT rank() OVER (ORDER BY wpm DESC)::integer AS rank, player_id AS "playerId", name, wpm::float8,
       race_id AS "raceId", finished_at AS "achievedAt"
     FROM (
       SELECT DISTINCT ON (p.player_id) p.* FROM participants p JOIN matches m USING (race_id, round)
       WHERE m.board = $1 AND p.rank IS NOT NULL ${ofPeriod}
       ORDER BY p.player_id, p.wpm DESC, p.finished_at, race_id, round
     ) bests
     ORDER BY wpm DESC, finished_at, player_id`,
    [board],
  );
  return rows.map((row) => ({ ...row, achievedAt: row.achievedAt.toISOString() }));
}

interface Profile {
  readonly matches: number;
  readonly ranked: number;
  readonly wins: number;
  readonly averages: { readonly wpm: number } | null;
}

async function selectProfile(client: ClientBase, playerId: string): Promise<unknown> {
  const { rows } = await client.query(
    `SELECT count(*)::integer AS matches, count(rank)::integer AS ranked,
       (count(*) FILTER (WHERE rank = 1 AND mode = 'type-race'))::integer AS wins, round(avg(wpm), 2)::float8 AS wpm
     FROM participants WHERE player_id = $1`,
    [playerId],
  );
  return rows[0];
}
