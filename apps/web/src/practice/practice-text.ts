import { type Practice, type PracticeResult } from '@typerush/contracts';
import { type PassageList, passageOf, type PassageReference } from '@typerush/passages';
import { type Keystroke, type TypingRules, type Words, wordsOf } from '@typerush/typing';
import { failureOf } from '../app/failure';
import { http } from '../app/http';
import { endsSession, type PlayerSession, sessionExpired } from '../session/session-store';
import { localPassage, localRules, type PracticeChoice, settingsOf } from './practice-choice';

/** A text to practise. */
export interface PracticeText {
  readonly words: Words;
  readonly rules: TypingRules;
  /** Of a quote. */
  readonly source: string | undefined;
  /** The right to have a result recorded; without it the result stays in this page. */
  readonly ticket: { readonly token: string; readonly expiresAt: number } | undefined;
  /** Why there is no ticket. */
  readonly unrecorded: string | undefined;
}

/** A text that this page makes: at once, and never recorded. */
export function localText(choice: PracticeChoice, unrecorded: string): PracticeText {
  const seed = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
  return textOf(localPassage(choice, seed), localRules(choice), undefined, unrecorded);
}

/** A text of the server, if there is a session and the server answers; otherwise one of this page. */
export async function practiceText(
  choice: PracticeChoice,
  session: PlayerSession | undefined,
): Promise<PracticeText> {
  if (!session) return localText(choice, 'Choose a name to have your results recorded.');
  try {
    return await http('/api/practice', {
      method: 'POST',
      token: session.token,
      body: { settings: settingsOf(choice) },
      read: readPractice,
    });
  } catch (error) {
    const { code, message } = failureOf(error);
    if (endsSession(code)) sessionExpired();
    return localText(choice, message);
  }
}

/** What the server makes of the keystrokes. @throws RequestError */
export function sendPractice(
  token: string,
  keystrokes: readonly Keystroke[],
  session: PlayerSession,
): Promise<PracticeResult> {
  return http('/api/practice/results', {
    method: 'POST',
    token: session.token,
    body: { token, keystrokes },
    read: readResult,
  });
}

/** @throws RangeError for a passage that this page does not have */
export function readPractice(body: unknown): PracticeText | undefined {
  const { token, passage, rules, expiresAt } = (body ?? {}) as Partial<Practice>;
  if (typeof token !== 'string' || !passage || !rules || typeof expiresAt !== 'string')
    return undefined;
  const { limitMs } = rules;
  const ticket = { token, expiresAt: Date.parse(expiresAt) };
  return textOf(
    { ...passage, list: passage.list as PassageList } as PassageReference,
    { advance: 'any', ...(limitMs === undefined ? {} : { limitMs }) },
    ticket,
    undefined,
  );
}

export function readResult(body: unknown): PracticeResult | undefined {
  const { standing, recorded } = (body ?? {}) as Partial<PracticeResult>;
  const isReadable =
    Array.isArray(standing?.unranked) &&
    [standing.wpm, standing.raw, standing.accuracy, standing.consistency].every(Number.isFinite) &&
    typeof recorded === 'boolean';
  return isReadable ? (body as PracticeResult) : undefined;
}

function textOf(
  passage: PassageReference,
  rules: TypingRules,
  ticket: PracticeText['ticket'],
  unrecorded: string | undefined,
): PracticeText {
  const { text, source } = passageOf(passage);
  return { words: wordsOf(text), rules, source, ticket, unrecorded };
}
