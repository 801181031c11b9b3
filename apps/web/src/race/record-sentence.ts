import { type RecordState } from '@typerush/contracts';

/** The least certain one is shown first: a race is recorded when all its rounds are. */
const sentences: readonly (readonly [RecordState, string])[] = [
  ['lost', 'The result could not be recorded.'],
  ['rejected', 'The result could not be recorded.'],
  ['off', 'This server keeps no records.'],
  ['queued', 'The result will be recorded.'],
  ['recorded', 'The result is recorded.'],
];

/** What becomes of the result of a race, from the states of its rounds. Empty while nothing is known. */
export function recordSentence(states: readonly RecordState[]): string {
  return sentences.find(([state]) => states.includes(state))?.[1] ?? '';
}
