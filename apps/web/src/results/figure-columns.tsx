import { type TypingStats } from '@typerush/contracts';

type Figures = Pick<TypingStats, 'wpm' | 'accuracy' | 'raw' | 'consistency'>;

/** The headings of the columns that every table of results has. */
export function FigureHeadings() {
  return (
    <>
      <th scope="col" className="number">
        wpm
      </th>
      <th scope="col" className="number">
        Accuracy
      </th>
      <th scope="col" className="number wide">
        Raw
      </th>
      <th scope="col" className="number wide">
        Consistency
      </th>
    </>
  );
}

/** The cells below them. A figure that is not known is a dash. */
export function FigureCells({ wpm, accuracy, raw, consistency }: Partial<Figures>) {
  return (
    <>
      <td className="number strong">{wpm?.toFixed(2) ?? '–'}</td>
      <td className="number">{percentage(accuracy)}</td>
      <td className="number wide">{raw?.toFixed(2) ?? '–'}</td>
      <td className="number wide">{percentage(consistency)}</td>
    </>
  );
}

const percentage = (value: number | undefined) =>
  value === undefined ? '–' : `${value.toFixed(2)}%`;
