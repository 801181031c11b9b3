/** The maximum number of players in a race. */
export const maxParticipants = 8;

/** Ties share a rank and use up the ranks after it: 1, 1, 3 is sound, 1, 1, 2 and 2, 3 are not. */
export function areRanksSound(ranked: readonly { readonly rank: number }[]): boolean {
  return ranked.every(
    ({ rank }) => rank === 1 + ranked.filter((other) => other.rank < rank).length,
  );
}

interface Place<Reason> {
  readonly rank: number | null;
  readonly unranked: readonly Reason[];
}

/** Ranks the places that have no reason against it, best first; the others follow in their order. */
export function rankPlaces<Reason, T extends Place<Reason>>(
  places: readonly T[],
  isBetter: (one: T, other: T) => boolean,
): T[] {
  const eligible = places.filter(({ unranked }) => unranked.length === 0);
  const ranked = eligible.map((place) => ({
    ...place,
    rank: 1 + eligible.filter((other) => isBetter(other, place)).length,
  }));
  ranked.sort((one, other) => one.rank - other.rank);
  return [...ranked, ...places.filter(({ unranked }) => unranked.length > 0)];
}
