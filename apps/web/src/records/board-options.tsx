import { type Board } from '@typerush/contracts';
import { Choices, Toggle } from '../app/choices';
import { NumberField } from '../app/number-field';
import { practiceSeconds, practiceWords } from '../practice/practice-choice';
import { boardModes, listName, listsOf, modeName, withList, withMode } from './board-choice';

interface BoardOptionsProps {
  readonly board: Board;
  readonly onChoose: (board: Board) => void;
}

/** Chooses a mode and its setting. */
export function BoardOptions({ board, onChoose }: BoardOptionsProps) {
  const { mode, list, punctuation, numbers } = board;
  const lists = listsOf(mode);
  return (
    <form
      className="options"
      aria-label="Which leaderboard"
      onSubmit={(event) => event.preventDefault()}
    >
      <Choices
        legend="Mode"
        values={boardModes}
        chosen={mode}
        nameOf={modeName}
        onChoose={(value) => onChoose(withMode(board, value))}
      />
      <Amount board={board} onChoose={onChoose} />
      {lists.length > 1 && (
        <Choices
          legend="Text"
          values={lists}
          chosen={list}
          nameOf={listName}
          onChoose={(value) => onChoose(withList(board, value))}
        />
      )}
      {list !== 'quotes' && (
        <div className="toggles">
          <Toggle
            name="punctuation"
            isOn={punctuation}
            onChange={(isOn) => onChoose({ ...board, punctuation: isOn })}
          />
          <Toggle
            name="numbers"
            isOn={numbers}
            onChange={(isOn) => onChoose({ ...board, numbers: isOn })}
          />
        </div>
      )}
    </form>
  );
}

/** Seconds or words of a board: those of practice, or any that a host can set. */
function Amount({ board, onChoose }: BoardOptionsProps) {
  const { mode, amount } = board;
  if (amount === undefined) return null;
  const choose = (value: number) => onChoose({ ...board, amount: value });
  switch (mode) {
    case 'time':
      return (
        <Choices legend="Seconds" values={practiceSeconds} chosen={amount} onChoose={choose} />
      );
    case 'words':
      return <Choices legend="Words" values={practiceWords} chosen={amount} onChoose={choose} />;
    case 'type-race':
      return <NumberField name="Words" value={amount} min={10} max={100} onChange={choose} />;
    case 'wave-rush':
      return <NumberField name="Seconds" value={amount} min={5} max={15} onChange={choose} />;
    case 'quote':
      return null;
  }
}
