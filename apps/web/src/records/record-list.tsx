import { Link } from 'wouter';
import { useRead } from '../app/use-read';
import { boardName } from './board-choice';
import { leaderboardOf } from './leaderboard-address';
import { readRecords } from './record-bodies';

/** The record of every leaderboard that has one. */
export function RecordList() {
  const { value } = useRead('/records', readRecords);
  const boards = value?.modes.flatMap((mode) => mode.boards) ?? [];
  // What is missing here is reported by the leaderboard above it.
  if (boards.length === 0) return null;
  return (
    <section aria-labelledby="record-list">
      <h2 id="record-list">Records</h2>
      <table className="figures-table">
        <caption className="sr-only">The record of each leaderboard</caption>
        <thead>
          <tr>
            <th scope="col">Leaderboard</th>
            <th scope="col">Record of</th>
            <th scope="col" className="number">
              wpm
            </th>
            <th scope="col" className="number wide">
              Players
            </th>
          </tr>
        </thead>
        <tbody>
          {boards.map(({ board, players, record }) => (
            <tr key={board}>
              <th scope="row">
                <Link href={leaderboardOf(board)}>{boardName(board)}</Link>
              </th>
              <td>
                <Link href={`/players/${record.playerId}`}>
                  <bdi>{record.name}</bdi>
                </Link>
              </td>
              <td className="number strong">{record.wpm.toFixed(2)}</td>
              <td className="number wide">{players}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
