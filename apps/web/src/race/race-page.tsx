import './race.css';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { useSession } from '../session/session-store';
import { NameForm } from '../session/name-form';
import { RaceEntry } from './race-entry';
import { RaceRoom } from './race-room';
import { RoomView } from './room-view';

/** Asks for a name first: everybody in a room has one. */
export default function RacePage({ code }: { readonly code: string | undefined }) {
  const { session } = useSession();
  const [room, setRoom] = useState<RaceRoom>();

  useEffect(() => {
    if (!session) return undefined;
    const opened = new RaceRoom(session);
    // The socket belongs to this page: it ends with it.
    // eslint-disable-next-line react-hooks/set-state-in-effect
    setRoom(opened);
    return () => {
      opened.close();
      setRoom(undefined);
    };
  }, [session]);

  if (!session) {
    return (
      <section className="panel">
        <h1>{code === undefined ? 'Race' : `Join room ${code}`}</h1>
        <p>The others see you by your name.</p>
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
