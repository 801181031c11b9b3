import { type FormEvent, useCallback, useEffect, useId, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { type Failure } from '../app/failure';
import { NameForm } from '../session/name-form';
import { type RaceRoom } from './race-room';
import { type RaceView } from './race-view';
import { firstRoom } from './room-choice';

interface RaceEntryProps {
  readonly room: RaceRoom;
  readonly view: RaceView;
  readonly code: string | undefined;
}

/** The ways into a room; with a code, joins by itself. */
export function RaceEntry({ room, view, code }: RaceEntryProps) {
  const [, navigate] = useLocation();
  const [failure, setFailure] = useState<Failure>();
  const [isBusy, setBusy] = useState(false);
  const [typedCode, setTypedCode] = useState('');
  const tried = useRef<string>(undefined);
  const id = useId();

  const enter = useCallback(
    async (take: () => Promise<Failure | undefined>) => {
      setBusy(true);
      setFailure(undefined);
      const refused = await take();
      setBusy(false);
      setFailure(refused);
      const taken = room.seatCode;
      if (!refused && taken !== undefined) navigate(`/race/${taken}`);
    },
    [room, navigate],
  );

  useEffect(() => {
    const isResuming = room.seatCode === code?.toUpperCase();
    if (code === undefined || isResuming || view.failure || tried.current === code) return;
    tried.current = code;
    // Joining by a link is an effect of opening it.
    void enter(() => room.join(code));
  }, [room, code, view.failure, enter]);

  const joinTyped = (event: FormEvent) => {
    event.preventDefault();
    void enter(() => room.join(typedCode));
  };
  const problem = failure ?? view.failure;

  return (
    <section className="entry">
      <h1>Race</h1>
      <p className="lead">Everybody types the same text. The first to finish wins.</p>
      {problem && (
        <div className="error banner" role="alert">
          <p>{problem.message}</p>
          {problem.code === 'ALREADY_IN_ROOM' && (
            <NameForm action="Play here as another guest" onlyThisTab />
          )}
        </div>
      )}
      <div className="entry-ways">
        <div className="panel">
          <h2>Quick match</h2>
          <p>A seat in a public room, with others who want to race.</p>
          <button
            className="button primary"
            disabled={isBusy}
            onClick={() => void enter(room.quickMatch)}
          >
            Quick match
          </button>
        </div>
        <div className="panel">
          <h2>Your own room</h2>
          <p>Choose the race, invite others by a link, or add bots.</p>
          <button
            className="button"
            disabled={isBusy}
            onClick={() => void enter(() => room.create(firstRoom))}
          >
            Create a room
          </button>
        </div>
        <form className="panel" onSubmit={joinTyped}>
          <h2>Join by code</h2>
          <label htmlFor={id}>Code of the room</label>
          <div className="field-row">
            <input
              id={id}
              className="input code"
              value={typedCode}
              onChange={(event) => setTypedCode(event.target.value)}
              maxLength={20}
              required
              autoComplete="off"
              spellCheck={false}
            />
            <button className="button" disabled={isBusy}>
              Join
            </button>
          </div>
        </form>
      </div>
    </section>
  );
}
