import { type UnrankedReason } from '@typerush/contracts';

const sentences: Readonly<Record<UnrankedReason, string>> = {
  bot: 'Bots are not ranked.',
  left: 'Left before the end.',
  unfinished: 'The time was up before the text was complete.',
  'too-fast': 'Faster than a whole text can be typed.',
  'burst-too-fast': 'Some keys came faster than fingers can type them.',
  'median-too-short': 'The time between two keys was too short for fingers.',
  'too-even': 'The time between keys hardly varied, as from a program.',
  'repeated-interval': 'The same time lay between most keys, as from a program.',
  'word-at-once': 'A whole word came at once, as from the clipboard.',
  'held-back': 'Most keys reached the server long after they were typed.',
  'open-ended': 'Practice without an end has no leaderboard.',
  'replay-differs': 'The keystrokes give another result than was reported.',
};

/** Why a result is not ranked; a newer server may have reasons that this page does not know. */
export function explainUnranked(reasons: readonly string[]): string {
  return reasons
    .map((reason) => sentences[reason as UnrankedReason] ?? `Not ranked: ${reason}.`)
    .join(' ');
}
