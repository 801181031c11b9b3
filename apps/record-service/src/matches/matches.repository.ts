import { Inject, Injectable } from '@nestjs/common';
import {
  type FinishedMatch,
  type GameMode,
  type MatchKey,
  type RecordedMatch,
} from '@typerush/contracts';
import { Database } from '../database/database';
import { Prisma } from '../generated/client';

const withParticipants = {
  participants: { orderBy: [{ rank: 'asc' }, { playerId: 'asc' }] },
} as const satisfies Prisma.MatchInclude;

type MatchRow = Prisma.MatchGetPayload<{ include: typeof withParticipants }>;
type ParticipantRow = MatchRow['participants'][number];

/** Matches in the database. Nothing else touches it. */
@Injectable()
export class MatchesRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Writes a match and its participants, all or nothing. Undefined: its key is taken, and nothing was written. */
  async insert(match: FinishedMatch): Promise<RecordedMatch | undefined> {
    try {
      const row = await this.database.use((client) =>
        client.match.create({ data: toRow(match), include: withParticipants }),
      );
      return fromRow(row);
    } catch (error) {
      if (isKeyTaken(error)) return undefined;
      throw error;
    }
  }

  async find({ raceId, round }: MatchKey): Promise<RecordedMatch | undefined> {
    const row = await this.database.use((client) =>
      client.match.findUnique({
        where: { raceId_round: { raceId, round } },
        include: withParticipants,
      }),
    );
    return row ? fromRow(row) : undefined;
  }
}

/** https://www.prisma.io/docs/orm/reference/error-reference#p2002 */
const isKeyTaken = (error: unknown): boolean =>
  error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002';

function toRow({ passage, participants, ...match }: FinishedMatch): Prisma.MatchCreateInput {
  return {
    ...match,
    passageList: passage.list,
    passageVersion: passage.version,
    passageSeed: passage.seed,
    participants: {
      createMany: {
        data: participants.map(({ characters, ...rest }) => ({ ...rest, ...characters })),
      },
    },
  };
}

function fromRow(row: MatchRow): RecordedMatch {
  return {
    raceId: row.raceId,
    round: row.round,
    // Written through the contract, which knows no other.
    mode: row.mode as GameMode,
    passage: {
      list: row.passageList,
      version: row.passageVersion,
      seed: Number(row.passageSeed),
    },
    startedAt: row.startedAt.toISOString(),
    finishedAt: row.finishedAt.toISOString(),
    recordedAt: row.recordedAt.toISOString(),
    participants: row.participants.map(participantFromRow),
  };
}

function participantFromRow(row: ParticipantRow): RecordedMatch['participants'][number] {
  const { playerId, name, rank, correct, incorrect, extra, missed } = row;
  return {
    playerId,
    name,
    rank,
    wpm: row.wpm.toNumber(),
    raw: row.raw.toNumber(),
    accuracy: row.accuracy.toNumber(),
    consistency: row.consistency.toNumber(),
    characters: { correct, incorrect, extra, missed },
  };
}
