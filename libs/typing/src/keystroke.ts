/** Deletes the last character, or returns to the word before if that has errors. */
export const BACKSPACE = '\b';
/** Deletes the typed part of a word: ctrl-backspace, option-delete. */
export const DELETE_WORD = '\u0017';

/**
 * Time since the keystroke before, or since the start, in whole milliseconds, and what was typed: one character (code
 * point) or one of the keys above. Several characters of one composition have 0 between them.
 */
export type Keystroke = readonly [dtMs: number, key: string];
