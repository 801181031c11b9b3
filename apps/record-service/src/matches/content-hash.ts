import { createHash } from 'node:crypto';
import { type FinishedRound } from '@typerush/contracts';

/** SHA-256 of a round's content, the same for any order of its players and fields. */
export function contentHash(round: FinishedRound): Buffer {
  const players = [...round.players].sort((one, other) => (one.playerId < other.playerId ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify(sorted({ ...round, players })))
    .digest();
}

/** Fields in order of their names. -0, which JSON distinguishes from 0 and a database does not, becomes 0. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value === 'number') return value + 0;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  entries.sort(([one], [other]) => (one < other ? -1 : 1));
  return entries.map(([name, field]) => [name, sorted(field)]);
}
