import { statisticsOf } from '@typerush/typing';
import { boardIdOf, type PracticeResult as Verdict } from '@typerush/contracts';
import { useEffect, useRef, useState } from 'react';
import { Link } from 'wouter';
import { announce } from '../app/announcer';
import { type Failure, failureOf } from '../app/failure';
import { leaderboardOf } from '../records/leaderboard-address';
import { ResultView } from '../results/result-view';
import { explainUnranked } from '../results/unranked-reasons';
import { NameForm } from '../session/name-form';
import { endsSession, sessionExpired, useSession } from '../session/session-store';
import { boardOfChoice, type PracticeChoice } from './practice-choice';
import { type PracticeRun } from './practice-run';
import { type PracticeText, sendPractice } from './practice-text';

interface PracticeResultProps {
  readonly choice: PracticeChoice;
  readonly text: PracticeText;
  readonly run: PracticeRun;
  readonly onRestart: () => void;
}

export function PracticeResult({ choice, text, run, onRestart }: PracticeResultProps) {
  const [verdict, setVerdict] = useState<Verdict>();
  const [failure, setFailure] = useState<Failure>();
  const [attempt, setAttempt] = useState(0);
  const { session, expiredName } = useSession();
  const heading = useRef<HTMLHeadingElement>(null);
  const { ticket } = text;
  const { keystrokes } = run;

  useEffect(() => {
    // Not the button: the next space of someone who is still typing would press it.
    heading.current?.focus();
    const { wpm, accuracy } = statisticsOf(run.words, run.rules, run.keystrokes);
    announce(`Finished: ${wpm} words a minute, accuracy ${accuracy} percent.`);
  }, [run]);

  useEffect(() => {
    if (!ticket || !session || keystrokes.length === 0 || verdict) return;
    sendPractice(ticket.token, keystrokes, session).then(
      (received) => {
        setVerdict(received);
        setFailure(undefined);
      },
      (error: unknown) => {
        const problem = failureOf(error);
        if (endsSession(problem.code)) sessionExpired();
        setFailure(problem);
      },
    );
    // eslint-disable-next-line react-hooks/exhaustive-deps -- it is sent once for each attempt, whatever else changes
  }, [attempt]);

  return (
    <section aria-label="Result">
      <h2
        className="sr-only"
        ref={heading}
        tabIndex={-1}
        onKeyDown={({ key }) => key === 'Enter' && onRestart()}
      >
        Result
      </h2>
      <ResultView {...run} keystrokes={keystrokes} statistics={verdict?.standing} />
      <div className="verdict" role="status" data-testid="verdict">
        {verdict && (
          <p>
            {sentenceOf(verdict)} {verdict.recorded && <LeaderboardLink choice={choice} />}
          </p>
        )}
        {failure && (
          <p className="error">
            Not recorded. {failure.message}{' '}
            <button className="button quiet" onClick={() => setAttempt(attempt + 1)}>
              Send again
            </button>
          </p>
        )}
        {!ticket && session && <p>Not recorded. {text.unrecorded}</p>}
        {ticket && !verdict && !failure && <p>Sending…</p>}
      </div>
      {!session && (
        <div className="panel slim">
          <p>
            {expiredName === undefined ? 'This result stays here.' : 'Your session has ended.'} With
            a name, the next results count for the leaderboards.
          </p>
          <NameForm action="Save name" onDone={onRestart} />
        </div>
      )}
      <div className="actions">
        <button className="button primary" onClick={onRestart}>
          Next text <kbd>Enter</kbd>
        </button>
      </div>
    </section>
  );
}

function LeaderboardLink({ choice }: { readonly choice: PracticeChoice }) {
  const { session } = useSession();
  const board = boardOfChoice(choice);
  if (!board) return null;
  return <Link href={leaderboardOf(boardIdOf(board), session?.playerId)}>Leaderboard</Link>;
}

function sentenceOf({ standing, recorded }: Verdict): string {
  if (standing.unranked.length > 0) return `Not ranked. ${explainUnranked(standing.unranked)}`;
  return recorded
    ? 'Recorded for the leaderboards.'
    : 'Not recorded: this server keeps no records.';
}
