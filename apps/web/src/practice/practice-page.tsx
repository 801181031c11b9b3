import { useCallback, useEffect, useState } from 'react';
import { stored } from '../app/stored';
import { useTitle } from '../app/use-title';
import { useSession } from '../session/session-store';
import { isPracticeChoice, firstChoice, type PracticeChoice } from './practice-choice';
import { PracticeOptions } from './practice-options';
import { PracticeResult } from './practice-result';
import { PracticeRun } from './practice-run';
import { PracticeTyping } from './practice-typing';
import { type PracticeText, practiceText } from './practice-text';

const keptChoice = stored(() => localStorage, 'typerush.practice', isPracticeChoice);

interface Round {
  readonly choice: PracticeChoice;
  readonly text: PracticeText;
  readonly run: PracticeRun;
}

export function PracticePage() {
  const { session } = useSession();
  const [choice, setChoice] = useState(() => keptChoice.read() ?? firstChoice);
  const [round, setRound] = useState<Round>();
  const [isOver, setOver] = useState(false);
  const [attempt, setAttempt] = useState(0);
  useTitle('Practice');

  useEffect(() => {
    let isWanted = true;
    void practiceText(choice, session).then((text) => {
      if (!isWanted) return;
      setRound({ choice, text, run: new PracticeRun(text.words, text.rules) });
      setOver(false);
    });
    return () => {
      isWanted = false;
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- a name that is given after a round must not take its result away: the next text uses it
  }, [choice, attempt]);

  const choose = (next: PracticeChoice) => {
    keptChoice.write(next);
    setChoice(next);
  };
  const restart = useCallback(() => setAttempt((count) => count + 1), []);
  const finish = useCallback(() => setOver(true), []);

  return (
    <div className="practice">
      <h1 className="sr-only">Practice</h1>
      {!isOver && <PracticeOptions choice={choice} onChoose={choose} />}
      {round && !isOver && (
        <PracticeTyping
          key={attempt}
          run={round.run}
          source={round.text.source}
          isOpenEnded={choice.mode === 'open'}
          onFinish={finish}
          onRestart={restart}
        />
      )}
      {round && isOver && <PracticeResult {...round} onRestart={restart} />}
    </div>
  );
}
