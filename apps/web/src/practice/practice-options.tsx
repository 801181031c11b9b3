import { Choices, Toggle } from '../app/choices';
import { listName } from '../records/board-choice';
import {
  type PracticeChoice,
  practiceModes,
  practiceSeconds,
  practiceWords,
  wordLists,
} from './practice-choice';

interface PracticeOptionsProps {
  readonly choice: PracticeChoice;
  readonly onChoose: (choice: PracticeChoice) => void;
}

export function PracticeOptions({ choice, onChoose }: PracticeOptionsProps) {
  const { mode } = choice;
  const change = (part: Partial<PracticeChoice>) => onChoose({ ...choice, ...part });
  return (
    <form
      className="options"
      aria-label="What to practise"
      onSubmit={(event) => event.preventDefault()}
    >
      <Choices
        legend="Mode"
        values={practiceModes}
        chosen={mode}
        nameOf={(one) => (one === 'open' ? 'open end' : one)}
        onChoose={(value) => change({ mode: value })}
      />
      {mode === 'time' && (
        <Choices
          legend="Seconds"
          values={practiceSeconds}
          chosen={choice.seconds}
          onChoose={(seconds) => change({ seconds })}
        />
      )}
      {mode === 'words' && (
        <Choices
          legend="Words"
          values={practiceWords}
          chosen={choice.words}
          onChoose={(words) => change({ words })}
        />
      )}
      {mode !== 'quote' && (
        <>
          <Choices
            legend="Text"
            values={wordLists}
            chosen={choice.list}
            nameOf={listName}
            onChoose={(list) => change({ list })}
          />
          <div className="toggles">
            <Toggle
              name="punctuation"
              isOn={choice.punctuation}
              onChange={(punctuation) => change({ punctuation })}
            />
            <Toggle
              name="numbers"
              isOn={choice.numbers}
              onChange={(numbers) => change({ numbers })}
            />
          </div>
        </>
      )}
    </form>
  );
}
