/** Numbers from 0 up to 1, 1 not included; the same from the same seed on every machine and in every version. */
export type Random = () => number;

/** Mulberry32 by Tommy Ettinger, in the public domain. @param seed 32 bits */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A whole number from 0 up to `count`, `count` not included. */
export const below = (random: Random, count: number): number => Math.floor(random() * count);
