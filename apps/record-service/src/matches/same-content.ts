import { type FinishedMatch } from '@typerush/contracts';

/** Whether two matches have the same content, in any order of participants and fields. */
export function sameContent(one: FinishedMatch, other: FinishedMatch): boolean {
  return canonical(one) === canonical(other);
}

/** Text, so that 0 and -0, which JSON distinguishes and a database does not, are the same. */
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
