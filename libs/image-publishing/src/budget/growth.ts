/** Something that takes bytes: a layer, a package. */
export interface Weight {
  readonly name: string;
  readonly bytes: number;
}

/** What became of it between two images. */
export interface Growth {
  readonly name: string;
  /** 0 where it was not there. */
  readonly before: number;
  readonly now: number;
}

export const grownBy = ({ before, now }: Growth) => now - before;

/** What changed, the most grown first. Weights of one name count together. */
export function compareWeights(before: readonly Weight[], now: readonly Weight[]): Growth[] {
  const [old, current] = [total(before), total(now)];
  const names = [...new Set([...old.keys(), ...current.keys()])];
  return names
    .map((name) => ({ name, before: old.get(name) ?? 0, now: current.get(name) ?? 0 }))
    .filter((growth) => grownBy(growth) !== 0)
    .sort((a, b) => grownBy(b) - grownBy(a) || (a.name < b.name ? -1 : 1));
}

function total(weights: readonly Weight[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { name, bytes } of weights) sums.set(name, (sums.get(name) ?? 0) + bytes);
  return sums;
}
