import { useLocation } from 'wouter';
import { Lobby } from './lobby';
import { noticeSentence } from './notice';
import { type RaceRoom } from './race-room';
import { type RaceView } from './race-view';
import { Standings } from './standings';
import { Track } from './track';

interface RoomProps {
  readonly room: RaceRoom;
  readonly view: RaceView;
}

/** A room: before a race, during it, or after it. */
export function RoomView({ room, view }: RoomProps) {
  const [, navigate] = useLocation();
  const leave = () => void room.leave().then(() => navigate('/race'));
  const { notice, raceResult, round } = view;
  return (
    <section className="room">
      <h1>
        Room <span data-testid="room-code">{view.room?.code}</span>
      </h1>
      <div role="status">
        {notice && (
          <p className={notice.type === 'host' ? 'notice' : 'error'}>
            {noticeSentence(notice, view.room, room.session.playerId)}
          </p>
        )}
      </div>
      {raceResult ? (
        <Standings room={room} view={view} result={raceResult} />
      ) : round ? (
        <Track room={room} view={view} round={round} />
      ) : (
        view.room && <Lobby room={room} snapshot={view.room} />
      )}
      <div className="actions">
        <button className="button quiet" onClick={leave}>
          Leave the room
        </button>
      </div>
    </section>
  );
}
