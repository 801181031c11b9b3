export { BACKSPACE, DELETE_WORD, type Keystroke } from './keystroke';
export {
  type Arrival,
  findImplausibilities,
  implausibilities,
  type Implausibility,
  plausible,
} from './plausibility';
export { type SecondOfTyping, secondsOf, statisticsOf, type TypingStatistics } from './statistics';
export {
  MAX_EXTRA,
  MAX_ROUND_MS,
  replay,
  startTyping,
  step,
  TYPING_VERSION,
  type TypingRules,
  type TypingState,
  type Words,
  wordsOf,
} from './typing-state';
