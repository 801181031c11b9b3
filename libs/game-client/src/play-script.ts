import { type Keystroke } from '@typerush/typing';
import { type GameClient } from './game-client';

/**
 * Types keystrokes in the client's current round when each is due, until the round ends or all are typed. A machine that is
 * late types with the times of the script: the delay is that of a slow connection, not of uneven fingers.
 *
 * @param localNow as of the client
 */
export async function playScript(
  client: GameClient,
  keystrokes: readonly Keystroke[],
  localNow: () => number = () => performance.now(),
): Promise<void> {
  const { typing } = client;
  if (!typing) return;
  const startsAt = localNow() + typing.round.startAt - client.clock.now();
  let dueAt = startsAt;
  for (const [dtMs, key] of keystrokes) {
    dueAt += dtMs;
    const waitMs = dueAt - localNow();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    if (client.typing !== typing) return;
    client.type(key, Math.min(dueAt, localNow()));
  }
}
