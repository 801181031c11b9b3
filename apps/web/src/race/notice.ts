import { type Aborted, type PlayerId, type RoomSnapshot } from '@typerush/contracts';

/** What the players of a room should know beside what they see. */
export type Notice =
  | { readonly type: 'stopping' }
  | { readonly type: 'aborted'; readonly reason: Aborted['reason'] }
  /** The host has left, and another player is the host. */
  | { readonly type: 'host'; readonly playerId: PlayerId }
  | { readonly type: 'refused'; readonly message: string };

/** @param me the player who reads it */
export function noticeSentence(
  notice: Notice,
  room: Pick<RoomSnapshot, 'players'> | undefined,
  me: PlayerId,
): string {
  switch (notice.type) {
    case 'stopping':
      return 'The server restarts. The page connects again by itself.';
    case 'aborted':
      return notice.reason === 'host'
        ? 'The host has ended the race. Nothing is recorded.'
        : 'The server restarts: the race is over, and nothing is recorded.';
    case 'host': {
      if (notice.playerId === me) return 'You are the host now.';
      const host = room?.players.find(({ playerId }) => playerId === notice.playerId);
      return `${host?.name ?? 'Another player'} is the host now.`;
    }
    case 'refused':
      return `Your keys do not count any more: ${notice.message}`;
  }
}
