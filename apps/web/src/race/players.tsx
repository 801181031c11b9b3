import { type RoomPlayer } from '@typerush/contracts';
import { ConfirmButton } from '../app/confirm-button';

interface PlayersProps {
  readonly players: readonly RoomPlayer[];
  readonly hostId: string;
  readonly me: string;
  readonly seats: number;
  /** By the host. */
  readonly onKick: ((playerId: string) => void) | undefined;
}

/** Who sits in a room. */
export function Players({ players, hostId, me, seats, onKick }: PlayersProps) {
  return (
    <section aria-labelledby="players">
      <h2 id="players">
        Players{' '}
        <span className="count">
          {players.length} of {seats}
        </span>
      </h2>
      <ul className="players">
        {players.map((player) => (
          <li key={player.playerId}>
            <bdi>{player.name}</bdi>
            <span className="marks">{marksOf(player, hostId, me).join(' · ')}</span>
            <span className={player.isReady ? 'state ready' : 'state'}>
              {stateOf(player, hostId)}
            </span>
            {onKick && player.playerId !== me && (
              <Remove player={player} onKick={() => onKick(player.playerId)} />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function marksOf({ playerId, isBot }: RoomPlayer, hostId: string, me: string): string[] {
  return [
    ...(playerId === me ? ['you'] : []),
    ...(playerId === hostId ? ['host'] : []),
    ...(isBot ? ['bot'] : []),
  ];
}

/** The host need not be ready: the host starts the race. */
function stateOf({ playerId, isConnected, isReady, isBot }: RoomPlayer, hostId: string): string {
  if (!isConnected && !isBot) return 'connection lost';
  if (isReady) return 'ready';
  return playerId === hostId ? '' : 'not ready';
}

function Remove({ player, onKick }: { readonly player: RoomPlayer; readonly onKick: () => void }) {
  const { name, isBot } = player;
  if (isBot) {
    return (
      <button className="button quiet" aria-label={`Remove ${name}`} onClick={onKick}>
        Remove
      </button>
    );
  }
  return (
    <ConfirmButton
      name="Remove"
      label={`Remove ${name}`}
      question={`${name} cannot come back.`}
      confirm="Remove"
      onConfirm={onKick}
    />
  );
}
