import { randomUUID } from 'node:crypto';
import { type FinishedMatch, type Participant } from '@typerush/contracts';

export const sampleParticipant = (change: Partial<Participant> = {}): Participant => ({
  playerId: randomUUID(),
  name: 'Zoë 李雷',
  rank: 1,
  wpm: 92.35,
  raw: 1000,
  accuracy: 98.4,
  consistency: 0.01,
  characters: { correct: 312, incorrect: 3, extra: 1, missed: 0 },
  ...change,
});

/** A match with a key of its own. */
export const sampleMatch = (change: Partial<FinishedMatch> = {}): FinishedMatch => ({
  raceId: randomUUID(),
  round: 1,
  mode: 'type-race',
  passage: { list: 'english-1k', version: 1, seed: 0xffff_ffff },
  startedAt: '2026-11-21T17:00:00.000Z',
  finishedAt: '2026-11-21T17:00:41.257Z',
  participants: [sampleParticipant(), sampleParticipant({ name: 'Ada', rank: 2, wpm: 80.1 })],
  ...change,
});
