import { type RoomSettings } from '@typerush/contracts';
import { type Keystroke } from '@typerush/typing';
import { type Chance } from '../src/game/chance';

/** The same numbers in each run: Mulberry32, as in libs/passages. */
export function seededChance(seed: number): Chance {
  let state = seed >>> 0;
  const fraction = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const hex = (length: number) =>
    Array.from({ length }, () => Math.floor(fraction() * 16).toString(16)).join('');
  return {
    fraction,
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`,
    roomCode: () => 'ACD347',
    token: () => hex(32),
  };
}

export const typeRace: RoomSettings = {
  seats: 4,
  isPublic: true,
  game: { mode: 'type-race', list: 'english-200', words: 10, punctuation: false, numbers: false },
};

export const waveRush: RoomSettings = {
  seats: 4,
  isPublic: true,
  game: {
    mode: 'wave-rush',
    list: 'english-1k',
    waves: 2,
    waveSeconds: 5,
    pauseSeconds: 3,
    punctuation: false,
    numbers: false,
  },
};

/** A player of a test. @param number 0 to 9 */
export function player(number: number): { playerId: string; name: string } {
  return {
    playerId: `0190c6a8-4f1e-7c3a-9b57-0d8a4f1e7c3${number}`,
    name: `Player ${number}`,
  };
}

/** Keystrokes in batches of `size`, each with the time after the start at which its last key was typed. */
export function batchesOf(
  keystrokes: readonly Keystroke[],
  size: number,
): { seq: number; events: Keystroke[]; typedMs: number }[] {
  const batches = [];
  let typedMs = 0;
  for (let at = 0; at < keystrokes.length; at += size) {
    const events = keystrokes.slice(at, at + size);
    typedMs = events.reduce((sum, [dtMs]) => sum + dtMs, typedMs);
    batches.push({ seq: batches.length + 1, events, typedMs });
  }
  return batches;
}
