import { type LeaderboardEntry } from '@typerush/contracts';
import { Link } from 'wouter';
import { FigureCells, FigureHeadings } from '../results/figure-columns';
import { Day } from './day';

interface LeaderboardTableProps {
  readonly entries: readonly LeaderboardEntry[];
  /** Whose row is marked. */
  readonly me: string | undefined;
  readonly name: string;
}

export function LeaderboardTable({ entries, me, name }: LeaderboardTableProps) {
  return (
    <table className="figures-table">
      <caption className="sr-only">{name}</caption>
      <thead>
        <tr>
          <th scope="col">Rank</th>
          <th scope="col">Player</th>
          <FigureHeadings />
          <th scope="col" className="wide">
            Date
          </th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <Row key={entry.playerId} entry={entry} isMine={entry.playerId === me} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ entry, isMine }: { readonly entry: LeaderboardEntry; readonly isMine: boolean }) {
  const { rank, playerId, name, achievedAt } = entry;
  return (
    <tr className={isMine ? 'mine' : undefined} aria-current={isMine ? 'true' : undefined}>
      <td className="rank">{rank}</td>
      <th scope="row">
        <Link href={`/players/${playerId}`}>
          <bdi>{name}</bdi>
        </Link>
        {isMine && <span className="you"> you</span>}
      </th>
      <FigureCells {...entry} />
      <td className="wide">
        <Day at={achievedAt} />
      </td>
    </tr>
  );
}
