import { type FinishedMatch } from '@typerush/contracts';

/** Whether two matches say the same, in whatever order their participants and fields are listed. */
export function sameContent(one: FinishedMatch, other: FinishedMatch): boolean {
  return canonical(one) === canonical(other);
}

/** Text, so that 0 and -0, which JSON tells apart and a database does not, are the same. */
function canonical(match: FinishedMatch): string {
  const { raceId, round, mode, passage, startedAt, finishedAt } = match;
  return JSON.stringify([
    [raceId, round, mode, passage.list, passage.version, passage.seed, startedAt, finishedAt],
    match.participants
      .map(({ playerId, name, rank, wpm, raw, accuracy, consistency, characters }) => {
        const { correct, incorrect, extra, missed } = characters;
        const counts = [correct, incorrect, extra, missed];
        return [playerId, name, rank, wpm, raw, accuracy, consistency, ...counts].join('\n');
      })
      .sort(),
  ]);
}
