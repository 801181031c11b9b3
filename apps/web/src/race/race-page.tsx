import '../styles/tables.css';
import './race.css';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { useTitle } from '../app/use-title';
import { useSession } from '../session/session-store';
import { NameForm } from '../session/name-form';
import { RaceEntry } from './race-entry';
import { openRoom } from './open-room';
import { type RaceRoom } from './race-room';
import { RoomView } from './room-view';

/** Asks for a name first: everybody in a room has one. */
export default function RacePage({ code }: { readonly code: string | undefined }) {
  const { session, expiredName } = useSession();
  useTitle(code === undefined ? 'Race' : `Room ${code}`);
  const [room, setRoom] = useState<RaceRoom>();

  useEffect(() => {
    if (!session) return undefined;
    // eslint-disable-next-line react-hooks/set-state-in-effect -- the connection is opened when the page is shown
    setRoom(openRoom.show(session));
    return () => {
      openRoom.leave();
      setRoom(undefined);
    };
  }, [session]);

  if (!session) {
    return (
      <section className="panel">
        <h1>{code === undefined ? 'Race' : `Join room ${code}`}</h1>
        {expiredName === undefined ? (
          <p>The others see you by your name.</p>
        ) : (
          <p className="error" role="alert">
            Your session has ended, and your seat with it. A race that was running counts as left.
            {code !== undefined && ' With a name you can join the room again, after its race.'}
          </p>
        )}
        <NameForm action="Continue" />
      </section>
    );
  }
  return room ? <Race room={room} code={code} /> : <p className="loading">Connecting…</p>;
}

function Race({ room, code }: { readonly room: RaceRoom; readonly code: string | undefined }) {
  const view = useStore(room.store);
  return (
    <>
      <p className="connection" role="status" data-testid="connection">
        {view.connection === 'lost' && 'Connection lost. Connecting again; what you type is kept.'}
      </p>
      {view.room ? (
        <RoomView room={room} view={view} />
      ) : (
        <RaceEntry room={room} view={view} code={code} />
      )}
    </>
  );
}
