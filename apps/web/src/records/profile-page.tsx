import '../styles/tables.css';
import './records.css';
import { type Profile } from '@typerush/contracts';
import { useLocation } from 'wouter';
import { Loading, Unread } from '../app/read-states';
import { useRead } from '../app/use-read';
import { useTitle } from '../app/use-title';
import { Figure } from '../results/figure';
import { signOut, useSession } from '../session/session-store';
import { Day } from './day';
import { PersonalBestsTable } from './personal-bests-table';
import { PlayedMatches } from './played-matches';
import { readProfile } from './record-bodies';

/** A player: name, figures, personal bests and history. */
export default function ProfilePage({ playerId }: { readonly playerId: string }) {
  const path = `/v1/players/${encodeURIComponent(playerId)}`;
  const { value, failure, retry } = useRead(path, readProfile);
  const { session } = useSession();
  const isMe = session?.playerId === playerId;
  const name = value?.name ?? (isMe ? session.name : 'Player');
  useTitle(name);

  const isUnknown = failure?.code === 'NOT_FOUND' || failure?.code === 'INVALID_REQUEST';
  return (
    <section className="records">
      <h1>
        <bdi>{name}</bdi>
      </h1>
      {isUnknown ? (
        <p className="panel empty" role="status">
          {isMe
            ? 'Nothing is recorded of you yet. Finish a race, or practise with your name.'
            : 'There is no player at this address, or nothing is recorded yet.'}
        </p>
      ) : failure ? (
        <Unread failure={failure} retry={retry} />
      ) : value ? (
        <>
          <Figures profile={value} />
          <PersonalBestsTable playerId={value.playerId} />
          <PlayedMatches playerId={value.playerId} />
        </>
      ) : (
        <Loading what="the profile" />
      )}
      {isMe && <SignOut />}
    </section>
  );
}

function Figures({ profile }: { readonly profile: Profile }) {
  const { matches, ranked, wins, typedMs, averages, firstPlayedAt } = profile;
  return (
    <>
      <p className="count">
        Playing since <Day at={firstPlayedAt} />
      </p>
      <dl className="figures">
        {averages && (
          <>
            <Figure
              name="average wpm"
              value={averages.wpm.toFixed(2)}
              isLarge
              testId="average-wpm"
            />
            <Figure name="average accuracy" value={`${averages.accuracy.toFixed(2)}%`} isLarge />
          </>
        )}
        <Figure name="rounds" value={String(matches)} testId="rounds" />
        <Figure name="ranked" value={String(ranked)} />
        <Figure name="wins" value={String(wins)} explanation="against others" />
        <Figure name="typed" value={durationOf(typedMs)} />
      </dl>
    </>
  );
}

function durationOf(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes === 0) return `${Math.floor(ms / 1_000)} s`;
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Guests have no password: this browser is the only proof of who they are. */
function SignOut() {
  const [, navigate] = useLocation();
  const leave = () => {
    signOut();
    navigate('/');
  };
  return (
    <div className="panel slim">
      <p>
        You are a guest of this browser. To play under another name, sign out: your results stay,
        but you cannot add to them any more.
      </p>
      <button className="button" onClick={leave}>
        Sign out
      </button>
    </div>
  );
}
