import { boardIdOf, boardOfMatch, type RecordedMatch } from '@typerush/contracts';
import { useState } from 'react';
import { Link } from 'wouter';
import { Choices } from '../app/choices';
import { Loading, More, Unread } from '../app/read-states';
import { usePages } from '../app/use-pages';
import { explainUnranked } from '../results/unranked-reasons';
import { boardModes, describeBoard, modeName } from './board-choice';
import { Day } from './day';
import { leaderboardOf } from './leaderboard-address';
import { readHistory } from './record-bodies';

const filters = ['all', ...boardModes, 'open'] as const;
const filterName = (filter: string) =>
  filter === 'open' ? 'open end' : filter === 'all' ? 'all modes' : modeName(filter);

/** What a player has played, the latest first. */
export function PlayedMatches({ playerId }: { readonly playerId: string }) {
  const [mode, setMode] = useState<(typeof filters)[number]>('all');
  const filter = mode === 'all' ? '' : `&mode=${mode}`;
  const path = `/v1/players/${playerId}/matches?limit=20${filter}`;
  const list = usePages(path, (cursor) => `${path}&cursor=${cursor}`, readHistory);
  const matches = list.pages?.flatMap((page) => page.matches);
  return (
    <section aria-labelledby="history">
      <h2 id="history">History</h2>
      <div className="options">
        <Choices
          legend="Mode of the history"
          values={filters}
          chosen={mode}
          nameOf={filterName}
          onChoose={setMode}
        />
      </div>
      {list.failure ? (
        <Unread failure={list.failure} retry={list.retry} />
      ) : !matches ? (
        <Loading what="the history" />
      ) : matches.length === 0 ? (
        <p className="panel empty">Nothing in this mode yet.</p>
      ) : (
        <>
          <MatchTable matches={matches} playerId={playerId} />
          <More {...list} />
        </>
      )}
    </section>
  );
}

interface MatchTableProps {
  readonly matches: readonly RecordedMatch[];
  readonly playerId: string;
}

function MatchTable({ matches, playerId }: MatchTableProps) {
  return (
    <table className="figures-table">
      <caption className="sr-only">Rounds, the latest first</caption>
      <thead>
        <tr>
          <th scope="col">Date</th>
          <th scope="col">Mode and setting</th>
          <th scope="col">Place</th>
          <th scope="col" className="number">
            wpm
          </th>
          <th scope="col" className="number wide">
            Accuracy
          </th>
          <th scope="col" className="number wide">
            Consistency
          </th>
        </tr>
      </thead>
      <tbody>
        {matches.map((match) => (
          <MatchRow key={`${match.raceId} ${match.round}`} match={match} playerId={playerId} />
        ))}
      </tbody>
    </table>
  );
}

function MatchRow({
  match,
  playerId,
}: {
  readonly match: RecordedMatch;
  readonly playerId: string;
}) {
  const own = match.players.find((player) => player.playerId === playerId);
  if (!own) return null;
  const board = boardOfMatch(match);
  return (
    <tr>
      <td>
        <Day at={match.finishedAt} />
      </td>
      <th scope="row">
        {board ? (
          <Link href={leaderboardOf(boardIdOf(board))}>{describeBoard(board)}</Link>
        ) : (
          'open end'
        )}
      </th>
      <td>
        {own.rank === null ? (
          <span className="remark">{explainUnranked(own.unranked)}</span>
        ) : match.players.length > 1 ? (
          `${own.rank} of ${match.players.length}`
        ) : (
          '–'
        )}
      </td>
      <td className="number strong">{own.wpm.toFixed(2)}</td>
      <td className="number wide">{own.accuracy.toFixed(2)}%</td>
      <td className="number wide">{own.consistency.toFixed(2)}%</td>
    </tr>
  );
}
