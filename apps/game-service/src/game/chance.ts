import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { roomCodeAlphabet } from '@typerush/contracts';

/** Everything about the game that is random. */
export interface Chance {
  /** From 0 up to 1, 1 not included. */
  fraction(): number;
  uuid(): string;
  /** A code of six characters, which another room may have. */
  roomCode(): string;
  /** 128 bits in hexadecimal, which nobody can guess. */
  token(): string;
}

export const systemChance: Chance = {
  fraction: () => randomInt(2 ** 32) / 2 ** 32,
  uuid: randomUUID,
  roomCode: () =>
    Array.from({ length: 6 }, () => roomCodeAlphabet[randomInt(roomCodeAlphabet.length)]).join(''),
  token: () => randomBytes(16).toString('hex'),
};
