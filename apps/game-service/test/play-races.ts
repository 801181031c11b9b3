/**
 * Plays races of two persons against a running game-service, for suites that cannot import its client:
 *
 *     npx tsx apps/game-service/test/play-races.ts <url> <rooms> <races of each room>
 *
 * Prints one line of JSON for each race as soon as its result is queued for the records: `{ raceId, standings, state }`, with the first state that the players were sent.
 */
import { type GuestSession } from '@typerush/contracts';
import { io } from 'socket.io-client';
import { typeRace } from './game-fixtures';
import { playersInRoom, startRace, type TestPlayer, until } from './test-player';

const [url = '', rooms = '1', races = '1'] = process.argv.slice(2);

const server = {
  client: (auth: object) => io(url, { auth, transports: ['websocket'], forceNew: true }),
  sessions: {
    async issue(name: string): Promise<GuestSession> {
      const response = await fetch(`${url}/api/sessions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name }),
      });
      return (await response.json()) as GuestSession;
    },
  },
};

async function playRoom(): Promise<void> {
  const players = await playersInRoom(server, typeRace, 'Ada', 'Grace');
  const [host] = players;
  if (!host) return;
  const states = new Map<string, string>();
  host.client.on('record', ({ raceId, state }) => {
    if (!states.has(raceId)) states.set(raceId, state);
  });
  for (let race = 0; race < Number(races); race += 1) {
    if (race === 0) await startRace(players);
    else await rematch(players);
    const result = host.nextResult();
    await Promise.all(players.map((player, index) => player.typeText(260 - 30 * index)));
    const { raceId, standings } = await result;
    await until(() => states.has(raceId));
    process.stdout.write(`${JSON.stringify({ raceId, standings, state: states.get(raceId) })}\n`);
  }
  for (const { socket, client } of players) {
    client.close();
    socket.disconnect();
  }
}

async function rematch(players: readonly TestPlayer[]): Promise<void> {
  const countdowns = players.map((player) => player.next('countdown'));
  for (const { client } of players) await client.request('rematch', {});
  await Promise.all(countdowns);
}

void Promise.all(Array.from({ length: Number(rooms) }, playRoom)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
