import { boardIdOf, boardOfMatch, type FinishedRound } from '@typerush/contracts';
import { contentHash } from './content-hash';
import { type RankedPlayer, rankRound } from './rank-round';
import { packReplay } from './replay-content';

/** A round as it will be stored. */
export interface NewMatch {
  readonly round: FinishedRound;
  /** Null for practice without an end. */
  readonly board: string | null;
  readonly contentHash: Buffer;
  /** Ranked from the replays. */
  readonly players: readonly NewParticipant[];
}

export interface NewParticipant extends RankedPlayer {
  readonly keystrokes: number;
  /** Compressed. */
  readonly replay: Buffer;
}

/** @throws ServiceError what `rankRound` refuses */
export async function newMatch(round: FinishedRound): Promise<NewMatch> {
  const ranked = rankRound(round);
  const replays = new Map(round.players.map((player) => [player.playerId, player]));
  const board = boardOfMatch(round);
  return {
    round,
    board: board ? boardIdOf(board) : null,
    contentHash: contentHash(round),
    players: await Promise.all(
      ranked.map(async (player) => {
        const { keystrokes = [], arrivals = [] } = replays.get(player.playerId) ?? {};
        const replay = await packReplay({ keystrokes, arrivals });
        return { ...player, keystrokes: keystrokes.length, replay };
      }),
    ),
  };
}
