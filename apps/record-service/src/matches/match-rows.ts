import {
  type MatchMode,
  type RecordedMatch,
  type Standing,
  type UnrankedReason,
} from '@typerush/contracts';
import { type Prisma } from '../generated/client';

/** The ranked first, best first. */
export const withParticipants = {
  participants: { orderBy: [{ rank: { sort: 'asc', nulls: 'last' } }, { playerId: 'asc' }] },
} as const satisfies Prisma.MatchInclude;

export type MatchRow = Prisma.MatchGetPayload<{ include: typeof withParticipants }>;
type ParticipantRow = MatchRow['participants'][number];

/** Casts what was written through the contract, which knows no other values. */
export function matchOf(row: MatchRow): RecordedMatch {
  const { raceId, round, passageWords, passagePunctuation, passageNumbers, limitMs } = row;
  return {
    raceId,
    round,
    mode: row.mode as MatchMode,
    passage: {
      list: row.passageList,
      version: row.passageVersion,
      seed: Number(row.passageSeed),
      ...(passageWords === null ? {} : { words: passageWords }),
      ...(passagePunctuation === null ? {} : { punctuation: passagePunctuation }),
      ...(passageNumbers === null ? {} : { numbers: passageNumbers }),
    },
    rules: {
      advance: row.advance as RecordedMatch['rules']['advance'],
      ...(limitMs === null ? {} : { limitMs }),
    },
    startedAt: row.startedAt.toISOString(),
    finishedAt: row.finishedAt.toISOString(),
    recordedAt: row.recordedAt.toISOString(),
    players: row.participants.map(standingOf),
  };
}

function standingOf(row: ParticipantRow): Standing {
  const { playerId, name, isBot, rank, timeMs, correct, incorrect, extra, missed } = row;
  return {
    playerId,
    name,
    isBot,
    rank,
    unranked: row.unranked as UnrankedReason[],
    timeMs,
    wpm: row.wpm.toNumber(),
    raw: row.raw.toNumber(),
    accuracy: row.accuracy.toNumber(),
    consistency: row.consistency.toNumber(),
    characters: { correct, incorrect, extra, missed },
  };
}
