import { type RoomSnapshot } from '@typerush/contracts';
import { useState } from 'react';
import { type Failure } from '../app/failure';
import { NumberField } from '../app/number-field';
import { Invitation } from './invitation';
import { Players } from './players';
import { type RaceRoom } from './race-room';
import { bounds } from './room-choice';
import { RoomSettingsForm, RoomSettingsList } from './room-settings';

interface LobbyProps {
  readonly room: RaceRoom;
  readonly snapshot: RoomSnapshot;
}

/** Before a race: who comes, and what is raced. */
export function Lobby({ room, snapshot }: LobbyProps) {
  const [failure, setFailure] = useState<Failure>();
  const { settings, players, hostId, code } = snapshot;
  const me = room.session.playerId;
  const isHost = hostId === me;
  const isReady = players.some(({ playerId, isReady: ready }) => playerId === me && ready);
  const send = async (...request: Parameters<RaceRoom['request']>) =>
    setFailure(await room.request(...request));
  return (
    <>
      <div className="lobby">
        <div>
          {isHost ? (
            <RoomSettingsForm
              settings={settings}
              takenSeats={players.length}
              onChange={(next) => void send('configure', { settings: next })}
            />
          ) : (
            <RoomSettingsList settings={settings} />
          )}
          <Invitation code={code} />
        </div>
        <div>
          <Players
            players={players}
            hostId={hostId}
            me={me}
            seats={settings.seats}
            onKick={isHost ? (playerId) => void send('kick', { playerId }) : undefined}
          />
          {isHost && players.length < settings.seats && (
            <BotForm onAdd={(wpm, errorRate) => void send('add-bot', { wpm, errorRate })} />
          )}
        </div>
      </div>
      {failure && (
        <p className="error" role="alert">
          {failure.message}
        </p>
      )}
      <div className="actions">
        {isHost ? (
          <button className="button primary" onClick={() => void send('start', {})}>
            Start
          </button>
        ) : (
          <button
            className="button primary"
            onClick={() => void send('ready', { isReady: !isReady })}
          >
            {isReady ? 'Not ready' : 'Ready'}
          </button>
        )}
      </div>
      <p className="verdict" role="status">
        {hintOf(snapshot, isHost)}
      </p>
    </>
  );
}

/** What a race waits for. */
function hintOf({ players, hostId }: RoomSnapshot, isHost: boolean): string {
  const connected = players.filter(({ isConnected }) => isConnected);
  if (connected.length < 2) return 'A race needs two: invite others, or add a bot.';
  const waiting = connected.filter(({ playerId, isReady }) => playerId !== hostId && !isReady);
  if (waiting.length > 0) return `Not ready yet: ${waiting.map(({ name }) => name).join(', ')}.`;
  return isHost ? 'Everybody is ready.' : 'Everybody is ready. The host starts the race.';
}

function BotForm({ onAdd }: { readonly onAdd: (wpm: number, errorRate: number) => void }) {
  const [wpm, setWpm] = useState(60);
  const [errors, setErrors] = useState(3);
  return (
    <form
      className="bot-form"
      aria-label="A bot"
      onSubmit={(event) => {
        event.preventDefault();
        onAdd(wpm, errors / 100);
      }}
    >
      <NumberField name="Bot's speed" value={wpm} unit="wpm" {...bounds.botWpm} onChange={setWpm} />
      <NumberField
        name="Bot's errors"
        value={errors}
        unit="%"
        {...bounds.botErrors}
        onChange={setErrors}
      />
      <button className="button">Add a bot</button>
    </form>
  );
}
