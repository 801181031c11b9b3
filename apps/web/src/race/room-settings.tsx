import { type GameSettings, type RoomSettings } from '@typerush/contracts';
import { Choices, Toggle } from '../app/choices';
import { NumberField } from '../app/number-field';
import { listName, listsOf, modeName } from '../records/board-choice';
import { bounds, describeSettings, gameModes, withList, withMode } from './room-choice';

interface RoomSettingsFormProps {
  readonly settings: RoomSettings;
  /** The server refuses fewer seats than players. */
  readonly takenSeats: number;
  readonly onChange: (settings: RoomSettings) => void;
}

/** What the host decides. */
export function RoomSettingsForm({ settings, takenSeats, onChange }: RoomSettingsFormProps) {
  const { seats, isPublic, game } = settings;
  const change = (next: GameSettings) => onChange({ ...settings, game: next });
  return (
    <form
      className="panel settings"
      aria-label="Settings of the room"
      onSubmit={(event) => event.preventDefault()}
    >
      <Choices
        legend="Mode"
        values={gameModes}
        chosen={game.mode}
        nameOf={modeName}
        onChoose={(mode) => change(withMode(game, mode))}
      />
      <Choices
        legend="Text"
        values={listsOf(game.mode)}
        chosen={game.list}
        nameOf={listName}
        onChoose={(list) => change(withList(game, list))}
      />
      <Lengths game={game} onChange={change} />
      {game.list !== 'quotes' && (
        <div className="toggles">
          <Toggle
            name="punctuation"
            isOn={game.punctuation}
            onChange={(punctuation) => change({ ...game, punctuation })}
          />
          <Toggle
            name="numbers"
            isOn={game.numbers}
            onChange={(numbers) => change({ ...game, numbers })}
          />
        </div>
      )}
      <NumberField
        name="Seats"
        value={seats}
        min={Math.max(bounds.seats.min, takenSeats)}
        max={bounds.seats.max}
        onChange={(next) => onChange({ ...settings, seats: next })}
      />
      <Choices
        legend="Open to"
        values={['link', 'everybody'] as const}
        chosen={isPublic ? 'everybody' : 'link'}
        nameOf={(who) => (who === 'link' ? 'only by link' : 'everybody')}
        onChoose={(who) => onChange({ ...settings, isPublic: who === 'everybody' })}
      />
    </form>
  );
}

interface LengthsProps {
  readonly game: GameSettings;
  readonly onChange: (game: GameSettings) => void;
}

function Lengths({ game, onChange }: LengthsProps) {
  if (game.mode === 'type-race') {
    // A quote has its own length.
    if (game.list === 'quotes') return null;
    return (
      <NumberField
        name="Words"
        value={game.words}
        {...bounds.words}
        onChange={(words) => onChange({ ...game, words })}
      />
    );
  }
  return (
    <>
      <NumberField
        name="Waves"
        value={game.waves}
        {...bounds.waves}
        onChange={(waves) => onChange({ ...game, waves })}
      />
      <NumberField
        name="Seconds of a wave"
        value={game.waveSeconds}
        {...bounds.waveSeconds}
        onChange={(waveSeconds) => onChange({ ...game, waveSeconds })}
      />
      <NumberField
        name="Seconds between waves"
        value={game.pauseSeconds}
        {...bounds.pauseSeconds}
        onChange={(pauseSeconds) => onChange({ ...game, pauseSeconds })}
      />
    </>
  );
}

/** For those who are not the host. A change is read aloud, since it takes their readiness away. */
export function RoomSettingsList({ settings }: { readonly settings: RoomSettings }) {
  return (
    <div className="panel" role="status" aria-label="Settings of the room">
      <dl className="settings-list">
        {describeSettings(settings).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p className="note">The host can change the settings.</p>
    </div>
  );
}
