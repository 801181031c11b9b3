/** The maximum number of players in a race. */
export const maxParticipants = 8;

/** Ties share a rank and use up the ranks after it: 1, 1, 3 is sound, 1, 1, 2 and 2, 3 are not. */
export function areRanksSound(ranked: readonly { readonly rank: number }[]): boolean {
  return ranked.every(
    ({ rank }) => rank === 1 + ranked.filter((other) => other.rank < rank).length,
  );
}
