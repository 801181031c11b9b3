import { type PlayerId, type PlayerName } from '@typerush/contracts';
import { type Skill } from '@typerush/game-client';

/** Somebody on the roster of a race, which is frozen when it starts. */
export interface Racer {
  readonly playerId: PlayerId;
  readonly name: PlayerName;
  /** Of a bot: how it types. */
  readonly bot?: Skill | undefined;
  /** For good: a player whose seat is kept has not left. */
  hasLeft: boolean;
}
