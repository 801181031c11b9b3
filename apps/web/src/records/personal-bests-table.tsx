import { Link } from 'wouter';
import { Loading, Unread } from '../app/read-states';
import { useRead } from '../app/use-read';
import { FigureCells, FigureHeadings } from '../results/figure-columns';
import { boardName } from './board-choice';
import { Day } from './day';
import { leaderboardOf } from './leaderboard-address';
import { readBests } from './record-bodies';

/** The best result of a player on each board. */
export function PersonalBestsTable({ playerId }: { readonly playerId: string }) {
  const { value, failure, retry } = useRead(`/v1/players/${playerId}/bests`, readBests);
  return (
    <section aria-labelledby="bests">
      <h2 id="bests">Personal bests</h2>
      {failure ? (
        <Unread failure={failure} retry={retry} />
      ) : !value ? (
        <Loading what="the personal bests" />
      ) : value.bests.length === 0 ? (
        <p className="panel empty">No ranked result yet.</p>
      ) : (
        <table className="figures-table">
          <caption className="sr-only">The best result of each mode and setting</caption>
          <thead>
            <tr>
              <th scope="col">Mode and setting</th>
              <FigureHeadings />
              <th scope="col" className="wide">
                Date
              </th>
            </tr>
          </thead>
          <tbody>
            {value.bests.map(({ board, achievedAt, ...figures }) => (
              <tr key={board}>
                <th scope="row">
                  <Link href={leaderboardOf(board, playerId)}>{boardName(board)}</Link>
                </th>
                <FigureCells {...figures} />
                <td className="wide">
                  <Day at={achievedAt} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
