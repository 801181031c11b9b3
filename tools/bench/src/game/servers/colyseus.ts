import { createServer } from 'node:http';
import { randomUUID } from 'node:crypto';
import { programOptions } from '../program-options';
import { importPeer } from '../peers/require-peer';
import { ReferenceRoom, tickMs } from '../reference-room';
import { now } from './rooms';

/** What is used of Colyseus. */
interface Client {
  index: number;
  send(type: string, message: unknown): void;
}
interface RoomBase {
  setState(state: object): void;
  setPatchRate(ms: number): void;
  onMessage(type: string, listener: (client: Client, message: never) => void): void;
  broadcast(type: string, message: unknown): void;
  maxClients: number;
  autoDispose: boolean;
}
interface Core {
  Room: new () => RoomBase;
  Server: new (options: object) => {
    define(name: string, room: unknown): void;
    listen(port: number, host: string): Promise<void>;
  };
}
interface State {
  positions: number[];
  /** The last batch of each player that was accepted. */
  seqs: number[];
}
interface SchemaPackage {
  schema(fields: object): new () => State;
  t: { array(type: string): object };
}

async function main(): Promise<void> {
  const { Room, Server } = await importPeer<Core>('@colyseus/core');
  const { schema, t } = await importPeer<SchemaPackage>('@colyseus/schema');
  const { WebSocketTransport } = await importPeer<{
    WebSocketTransport: new (options: object) => object;
  }>('@colyseus/ws-transport');
  const RaceState = schema({ positions: t.array('uint16'), seqs: t.array('uint32') });

  /** The reference race with Colyseus's schema: positions are its state, of which it sends what has changed at 10 Hz. With
   * the option `acks` the last batches are state too, and no acknowledgement is sent. */
  class RaceRoom extends Room {
    override maxClients = 4;
    override autoDispose = false;

    onCreate({ room }: { room: number }) {
      const race = new ReferenceRoom(room);
      const state = new RaceState();
      state.positions.push(0, 0, 0, 0);
      state.seqs.push(0, 0, 0, 0);
      this.setState(state);
      this.setPatchRate(tickMs);
      this.onMessage('start', () => this.broadcast('countdown', race.begin(randomUUID(), now())));
      this.onMessage('keystrokes', (client, batch: unknown) => {
        try {
          const seq = race.accept(client.index, batch, now());
          state.positions[client.index] = race.position(client.index);
          if (programOptions.acks === 'in ticks') state.seqs[client.index] = seq;
          else client.send('ack', { ok: true, seq });
        } catch (error) {
          client.send('ack', { ok: false, error: { code: (error as Error).message } });
        }
      });
      this.onMessage('held', (client) => client.send('held', race.held(client.index)));
    }

    onJoin(client: Client, { index }: { index: number }) {
      client.index = index;
    }
  }

  const server = new Server({
    greet: false,
    transport: new WebSocketTransport({ server: createServer() }),
  });
  server.define('race', RaceRoom);
  await server.listen(programOptions.port, '127.0.0.1');
}

void main();
