import './result-view.css';
import {
  type Keystroke,
  replay,
  secondsOf,
  statisticsOf,
  type TypingRules,
  type TypingStatistics,
  type Words,
} from '@typerush/typing';
import { lazy, Suspense, useMemo } from 'react';
import { Figure } from './figure';
import { wordHistory } from './word-history';

const Graph = lazy(() => import('./graph'));

/** What was typed, and everything that its result depends on. */
export interface TypedRound {
  readonly words: Words;
  readonly rules: TypingRules;
  readonly keystrokes: readonly Keystroke[];
  /** The statistics of the server, which count. @default those of this page */
  readonly statistics?: TypingStatistics | undefined;
}

/** The figures, the graph and the words of one round. */
export function ResultView({ words, rules, keystrokes, statistics }: TypedRound) {
  const own = useMemo(() => statisticsOf(words, rules, keystrokes), [words, rules, keystrokes]);
  const seconds = useMemo(() => secondsOf(words, rules, keystrokes), [words, rules, keystrokes]);
  const history = useMemo(
    () => wordHistory(replay(words, rules, keystrokes)),
    [words, rules, keystrokes],
  );
  const { wpm, raw, accuracy, consistency, characters } = statistics ?? own;
  const { correct, incorrect, extra, missed } = characters;
  const lasted = seconds.at(-1)?.second ?? 0;
  return (
    <div className="result">
      <dl className="figures">
        <Figure name="wpm" value={wpm.toFixed(2)} isLarge testId="wpm" />
        <Figure name="accuracy" value={`${accuracy.toFixed(2)}%`} isLarge testId="accuracy" />
        <Figure name="raw" value={raw.toFixed(2)} testId="raw" />
        <Figure name="consistency" value={`${consistency.toFixed(2)}%`} testId="consistency" />
        <Figure name="time" value={`${lasted.toFixed(1)} s`} testId="time" />
        <Figure
          name="characters"
          value={`${correct}/${incorrect}/${extra}/${missed}`}
          explanation="correct, incorrect, extra, missed"
          testId="characters"
        />
      </dl>
      {seconds.length > 1 && (
        <Suspense fallback={<div className="graph" />}>
          <Graph seconds={seconds} />
        </Suspense>
      )}
      <details className="history">
        <summary>Word history</summary>
        <ol>
          {history.map(({ target, typed, isCorrect }, index) => (
            <li key={index} className={isCorrect ? undefined : 'wrong'}>
              {isCorrect ? (
                target
              ) : (
                <>
                  <del>{typed}</del> <ins>{target}</ins>
                </>
              )}
            </li>
          ))}
        </ol>
      </details>
    </div>
  );
}
