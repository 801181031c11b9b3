import { type KeyboardEvent, useEffect, useState } from 'react';
import { TypingField } from '../typing/typing-field';
import { type PracticeRun } from './practice-run';

interface PracticeTypingProps {
  readonly run: PracticeRun;
  readonly source: string | undefined;
  readonly isOpenEnded: boolean;
  readonly onFinish: () => void;
  readonly onRestart: () => void;
}

export function PracticeTyping(props: PracticeTypingProps) {
  const { run, source, isOpenEnded, onFinish, onRestart } = props;
  const [isStarted, setStarted] = useState(run.isStarted);

  const typeKey = (key: string, at: number) => {
    const state = run.type(key, at);
    if (run.isStarted) setStarted(true);
    if (run.isOver(at)) onFinish();
    return state;
  };
  const end = () => {
    run.end();
    onFinish();
  };
  const command = (event: KeyboardEvent) => {
    const isRestart = event.key === 'Tab' && !event.shiftKey && run.isStarted;
    const isEnd = event.key === 'Escape' && isOpenEnded && run.isStarted;
    if (!isRestart && !isEnd) return;
    event.preventDefault();
    if (isEnd) end();
    else onRestart();
  };

  return (
    <>
      <Progress run={run} isStarted={isStarted} onFinish={onFinish} />
      <TypingField
        words={run.words}
        state={run.state}
        label="Type the text"
        onKey={typeKey}
        onKeyDown={command}
      />
      {source !== undefined && <p className="source">{source}</p>}
      <div className="actions">
        {isOpenEnded && isStarted && (
          <button className="button" onClick={end}>
            End <kbd>Esc</kbd>
          </button>
        )}
        <button className="button quiet" onClick={onRestart}>
          Restart <kbd>Tab</kbd>
        </button>
      </div>
    </>
  );
}

interface ProgressProps {
  readonly run: PracticeRun;
  readonly isStarted: boolean;
  readonly onFinish: () => void;
}

/** Counts the seconds down, or up; ends a timed run. */
function Progress({ run, isStarted, onFinish }: ProgressProps) {
  const [seconds, setSeconds] = useState(0);
  const { limitMs } = run.rules;

  useEffect(() => {
    if (!isStarted) return undefined;
    const timer = setInterval(() => {
      const now = performance.now();
      setSeconds(Math.floor(run.elapsedMs(now) / 1_000));
      if (run.isOver(now)) onFinish();
    }, 50);
    return () => clearInterval(timer);
  }, [run, isStarted, onFinish]);

  const shown = limitMs === undefined ? seconds : Math.ceil(limitMs / 1_000) - seconds;
  return (
    <p className={isStarted ? 'progress running' : 'progress'} role="timer" aria-live="off">
      {Math.max(0, shown)}
    </p>
  );
}
