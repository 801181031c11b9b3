import { createHash, timingSafeEqual } from 'node:crypto';
import { type PlayerId, type PlayerName, type RoomPlayer } from '@typerush/contracts';
import { type Skill } from '@typerush/game-client';

/** Somebody with a seat in a room. */
export interface Member {
  readonly playerId: PlayerId;
  readonly name: PlayerName;
  readonly bot?: Skill;
  /** The only connection that may act for the player; none while it is lost, and of a bot. */
  connection: string | undefined;
  /** When the connection was lost. */
  lostAt?: number | undefined;
  isReady: boolean;
  /** Absent of a bot. */
  readonly tokenHash?: Buffer;
}

/** A resume token is stored as its SHA-256: who reads the memory cannot take a seat over. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

export function holdsToken({ tokenHash }: Member, token: string): boolean {
  return tokenHash !== undefined && timingSafeEqual(tokenHash, hashToken(token));
}

export function isConnected({ bot, connection }: Member): boolean {
  return bot !== undefined || connection !== undefined;
}

export function roomPlayerOf(member: Member): RoomPlayer {
  const { playerId, name, bot, isReady } = member;
  return { playerId, name, isBot: bot !== undefined, isReady, isConnected: isConnected(member) };
}
