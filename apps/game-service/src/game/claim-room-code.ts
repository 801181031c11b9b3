import { type RoomCode } from '@typerush/contracts';
import { type Chance } from './chance';
import { type RoomDirectory } from './room-directory';

/** More collisions in a row mean that something else is wrong. */
const ATTEMPTS = 20;

/** Takes a code that no other room has. */
export async function claimRoomCode(directory: RoomDirectory, chance: Chance): Promise<RoomCode> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const code = chance.roomCode();
    if (await directory.claimCode(code)) return code;
  }
  throw new Error('every room code is taken');
}
