import { type Round } from '@typerush/contracts';
import { useCallback, useEffect, useState } from 'react';
import { announce } from '../app/announcer';
import { ConfirmButton } from '../app/confirm-button';
import { type Failure } from '../app/failure';
import { TypingField } from '../typing/typing-field';
import { Lanes } from './lanes';
import { type RaceRoom } from './race-room';
import { type RaceView } from './race-view';
import { useCountdown } from './use-countdown';

interface TrackProps {
  readonly room: RaceRoom;
  readonly view: RaceView;
  readonly round: Round;
}

/** A round from its announcement to its end. */
export function Track({ room, view, round }: TrackProps) {
  const now = useCallback(() => room.client.clock.now(), [room]);
  const untilStart = useCountdown(now, round.startAt);
  const untilEnd = useCountdown(now, round.startAt + round.limitMs);
  useStartAnnouncement(round, now);
  const typing = room.ownTyping;
  const me = room.session.playerId;
  const isWave = round.mode === 'wave-rush';
  const hasStarted = untilStart === 0;
  const ownMs = view.finished[me];

  return (
    <>
      <p className="round-state">
        {isWave && (
          <span>
            Wave {round.round} of {round.rounds}
          </span>
        )}
        <span className="progress running" role="timer" aria-live="off" data-testid="countdown">
          {hasStarted ? isWave && untilEnd : untilStart}
        </span>
      </p>
      {!hasStarted && <LastWave view={view} me={me} />}
      <Lanes room={room} view={view} round={round} />
      {typing && !view.isRoundOver && (
        <TypingField
          words={typing.state.words}
          state={typing.state}
          label="Type the text"
          isDisabled={!hasStarted || ownMs !== undefined}
          onKey={(key, at) => room.client.type(key, at) ?? typing.state}
        />
      )}
      <p className="verdict" role="status">
        {view.isRoundOver
          ? 'The round is over.'
          : !round.roster.includes(me)
            ? 'You watch this race. You can take part in the next one.'
            : ownMs !== undefined &&
              `You finished in ${(ownMs / 1_000).toFixed(2)} s. The others are still typing.`}
      </p>
      {view.room?.hostId === me && <Abort room={room} />}
    </>
  );
}

/** Once for each round, and not again when a lost connection is back. */
function useStartAnnouncement({ raceId, round, startAt }: Round, now: () => number): void {
  const key = `${raceId} ${round}`;
  useEffect(() => {
    const seconds = Math.round((startAt - now()) / 1_000);
    if (seconds > 0) announce(`The race begins in ${seconds} seconds.`);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- a resumed round is another object, with the same key
  }, [key]);
}

/** The results of the wave before, while the next one is awaited. */
function LastWave({ view, me }: { readonly view: RaceView; readonly me: string }) {
  const last = view.roundResults.at(-1);
  if (!last) return null;
  return (
    <ol className="last-wave" aria-label={`Results of wave ${last.round}`}>
      <li aria-hidden="true">Wave {last.round}:</li>
      {last.standings.map(({ playerId, name, wpm }) => (
        <li key={playerId} className={playerId === me ? 'mine' : undefined}>
          <bdi>{name}</bdi> {wpm.toFixed(2)} wpm
        </li>
      ))}
    </ol>
  );
}

function Abort({ room }: { readonly room: RaceRoom }) {
  const [failure, setFailure] = useState<Failure>();
  return (
    <div className="actions">
      <ConfirmButton
        name="End the race"
        question="Nothing of it is recorded."
        confirm="End the race"
        onConfirm={() => void room.request('abort', {}).then(setFailure)}
      />
      {failure && (
        <p className="error" role="alert">
          {failure.message}
        </p>
      )}
    </div>
  );
}
