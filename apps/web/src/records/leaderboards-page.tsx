import '../styles/tables.css';
import './records.css';
import { type LeaderboardPage, type Period } from '@typerush/contracts';
import { Link, useLocation, useSearch } from 'wouter';
import { Choices } from '../app/choices';
import { Loading, More, Unread } from '../app/read-states';
import { usePages } from '../app/use-pages';
import { useTitle } from '../app/use-title';
import { useSession } from '../session/session-store';
import { describeBoard, isRace } from './board-choice';
import { BoardOptions } from './board-options';
import {
  addressOf,
  choiceOf,
  type LeaderboardChoice,
  nextPathOf,
  pathOf,
  periods,
} from './leaderboard-address';
import { LeaderboardTable } from './leaderboard-table';
import { OwnPlace } from './own-place';
import { readLeaderboard } from './record-bodies';
import { RecordList } from './record-list';

const PAGE = 25;

const periodNames: Readonly<Record<Period, string>> = {
  all: 'all time',
  week: 'this week',
  day: 'today',
};

export default function LeaderboardsPage() {
  const choice = choiceOf(useSearch());
  const [, navigate] = useLocation();
  const { session } = useSession();
  const me = session?.playerId;
  // A page that was opened with a player keeps its place in the history; options do not fill it.
  const choose = (change: Partial<LeaderboardChoice>) =>
    navigate(addressOf({ ...choice, ...change }), { replace: true });
  const { board, period, around } = choice;
  useTitle('Leaderboards');

  return (
    <section className="records">
      <h1>Leaderboards</h1>
      <BoardOptions board={board} onChoose={(next) => choose({ board: next })} />
      <div className="options">
        <Choices
          legend="Period"
          values={periods}
          chosen={period}
          nameOf={(one) => periodNames[one]}
          onChoose={(next) => choose({ period: next })}
        />
        {(me !== undefined || around !== undefined) && (
          <Choices
            legend="Part of the leaderboard"
            values={['top', 'around'] as const}
            chosen={around === undefined ? 'top' : 'around'}
            nameOf={(part) =>
              part === 'top'
                ? 'from the top'
                : around === undefined || around === me
                  ? 'around me'
                  : 'around a player'
            }
            onChoose={(part) => choose({ around: part === 'top' ? undefined : (around ?? me) })}
          />
        )}
      </div>
      {/* Each leaderboard has its own pages. */}
      <Leaderboard
        key={pathOf(choice, PAGE)}
        choice={choice}
        me={me}
        onTop={() => choose({ around: undefined })}
      />
      <RecordList />
    </section>
  );
}

interface LeaderboardProps {
  readonly choice: LeaderboardChoice;
  readonly me: string | undefined;
  readonly onTop: () => void;
}

function Leaderboard({ choice, me, onTop }: LeaderboardProps) {
  const list = usePages(
    pathOf(choice, PAGE),
    (cursor) => nextPathOf(choice, PAGE, cursor),
    readLeaderboard,
  );
  const name = `${describeBoard(choice.board)} · ${periodNames[choice.period]}`;
  return (
    <section aria-labelledby="leaderboard">
      <h2 id="leaderboard">{name}</h2>
      {list.failure?.code === 'NOT_FOUND' ? (
        <div className="panel empty" role="status">
          <p>
            {choice.around === me ? 'You have' : 'This player has'} no ranked result on this
            leaderboard.
          </p>
          <button className="button" onClick={onTop}>
            Show it from the top
          </button>
        </div>
      ) : list.failure ? (
        <Unread failure={list.failure} retry={list.retry} />
      ) : list.pages ? (
        <Entries list={list} pages={list.pages} choice={choice} me={me} name={name} />
      ) : (
        <Loading what="the leaderboard" />
      )}
    </section>
  );
}

interface EntriesProps extends Omit<LeaderboardProps, 'onTop'> {
  readonly list: Parameters<typeof More>[0];
  readonly pages: readonly LeaderboardPage[];
  readonly name: string;
}

function Entries({ list, pages, choice, me, name }: EntriesProps) {
  const entries = pages.flatMap((page) => page.entries);
  const players = pages[0]?.players ?? 0;
  if (entries.length === 0) {
    return (
      <p className="panel empty" role="status">
        No ranked result here yet.{' '}
        <Link href={isRace(choice.board.mode) ? '/race' : '/'}>Be the first</Link>.
      </p>
    );
  }
  return (
    <>
      <OwnPlace choice={choice} me={me} entries={entries} />
      <p className="count" role="status">
        {`${entries.length} of ${players} ${players === 1 ? 'player' : 'players'}`}
      </p>
      <LeaderboardTable entries={entries} me={me} name={name} />
      <More {...list} />
    </>
  );
}
