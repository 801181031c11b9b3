import { boardIdOf, boardOfMatch, type RaceResult, type Round } from '@typerush/contracts';
import { useEffect, useRef, useState } from 'react';
import { Link } from 'wouter';
import { announce } from '../app/announcer';
import { Choices } from '../app/choices';
import { type Failure } from '../app/failure';
import { leaderboardOf } from '../records/leaderboard-address';
import { FigureCells, FigureHeadings } from '../results/figure-columns';
import { ResultView } from '../results/result-view';
import { explainUnranked } from '../results/unranked-reasons';
import { type RaceRoom } from './race-room';
import { type RaceView } from './race-view';
import { recordSentence } from './record-sentence';
import { type StandingRow, standingRows } from './standing-rows';

interface StandingsProps {
  readonly room: RaceRoom;
  readonly view: RaceView;
  readonly result: RaceResult;
}

/** The result of a race, and what the player typed in it. */
export function Standings({ room, view, result }: StandingsProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const me = room.session.playerId;
  const { round, roundResults } = view;
  const rows = standingRows(result, roundResults, round?.rounds ?? 1);

  useEffect(() => {
    // Not a button: the next key of someone who is still typing would press it.
    heading.current?.focus();
    const own = result.standings.find(({ playerId }) => playerId === me);
    if (own) announce(sentenceOf(own, result.standings.length));
  }, [result, me]);

  return (
    <>
      <h2 ref={heading} tabIndex={-1} className="quiet-focus">
        Standings
      </h2>
      <StandingsTable rows={rows} me={me} isTimed={result.mode === 'type-race'} />
      <p>
        <span role="status" data-testid="record">
          {recordSentence(Object.values(view.records))}
        </span>{' '}
        {round && <LeaderboardLink round={round} me={me} />}
      </p>
      <OwnResult room={room} view={view} />
      <Next room={room} view={view} />
    </>
  );
}

function sentenceOf(
  { rank, wpm, unranked }: RaceResult['standings'][number],
  players: number,
): string {
  const place = rank === null ? explainUnranked(unranked) : `Place ${rank} of ${players}.`;
  return `The race is over. ${place} ${wpm} words a minute.`;
}

interface StandingsTableProps {
  readonly rows: readonly StandingRow[];
  readonly me: string;
  /** Whether the race was decided by time. */
  readonly isTimed: boolean;
}

function StandingsTable({ rows, me, isTimed }: StandingsTableProps) {
  return (
    <table className="figures-table">
      <caption className="sr-only">Standings</caption>
      <thead>
        <tr>
          <th scope="col">Rank</th>
          <th scope="col">Player</th>
          <FigureHeadings />
          {isTimed && (
            <th scope="col" className="number wide">
              Time
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.playerId} className={row.playerId === me ? 'mine' : undefined}>
            <td className="rank">{row.rank ?? '–'}</td>
            <th scope="row">
              <Player row={row} isMe={row.playerId === me} />
            </th>
            <FigureCells {...row.details} wpm={row.wpm} />
            {isTimed && <td className="number wide">{seconds(row.details?.timeMs)}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const seconds = (ms: number | null | undefined) =>
  ms === null || ms === undefined ? '–' : `${(ms / 1_000).toFixed(2)} s`;

function Player({ row, isMe }: { readonly row: StandingRow; readonly isMe: boolean }) {
  const { playerId, name, isBot, unranked } = row;
  return (
    <>
      {isBot ? (
        <bdi>{name}</bdi>
      ) : (
        <Link href={`/players/${playerId}`}>
          <bdi>{name}</bdi>
        </Link>
      )}
      {isMe && <span className="you"> you</span>}
      {unranked.length > 0 && <span className="remark">{explainUnranked(unranked)}</span>}
    </>
  );
}

function LeaderboardLink({ round, me }: { readonly round: Round; readonly me: string }) {
  const { mode, passage, limitMs } = round;
  const board = boardOfMatch({ mode, passage, rules: { limitMs } });
  if (!board) return null;
  return <Link href={leaderboardOf(boardIdOf(board), me)}>Leaderboard of this race</Link>;
}

/** Figures, graph and words of a round; of several, one at a time. */
function OwnResult({ room, view }: Omit<StandingsProps, 'result'>) {
  const { ownRounds } = room;
  const [chosen, setChosen] = useState<number>();
  const shown = ownRounds.find(({ round }) => round === chosen) ?? ownRounds.at(-1);
  if (!shown || shown.keystrokes.length === 0) return null;
  const statistics = view.roundResults
    .find(({ round }) => round === shown.round)
    ?.standings.find(({ playerId }) => playerId === room.session.playerId);
  return (
    <section aria-label="Your typing">
      {ownRounds.length > 1 && (
        <Choices
          legend="Wave"
          values={ownRounds.map(({ round }) => round)}
          chosen={shown.round}
          nameOf={(round) => `wave ${round}`}
          onChoose={setChosen}
        />
      )}
      <ResultView key={shown.round} {...shown} statistics={statistics} />
    </section>
  );
}

function Next({ room, view }: Omit<StandingsProps, 'result'>) {
  const [failure, setFailure] = useState<Failure>();
  const present = view.room?.players.filter(({ isConnected }) => isConnected) ?? [];
  const ready = present.filter(({ isReady }) => isReady);
  const isWaiting = ready.some(({ playerId }) => playerId === room.session.playerId);
  return (
    <>
      <div className="actions">
        <button
          className="button primary"
          onClick={() => void room.request('rematch', {}).then(setFailure)}
        >
          Rematch
        </button>
        <button className="button" onClick={() => room.showLobby()}>
          Back to the lobby
        </button>
      </div>
      <p className="verdict" role="status">
        {isWaiting && `${ready.length} of ${present.length} want a rematch. It begins when all do.`}
      </p>
      {failure && (
        <p className="error" role="alert">
          {failure.message}
        </p>
      )}
    </>
  );
}
