import { type Metrics } from '@typerush/service-kit';
import { Counter, Gauge } from 'prom-client';
import { type EventName } from './socket-events';

export interface SocketMetrics {
  connected: Gauge;
  /** Of an `event` (one of the contract's, or unknown): `outcome` is ok, unacknowledged or an error's code. */
  count(event: EventName | 'unknown', outcome: string): void;
}

export function socketMetrics(
  { registry }: Metrics,
  rooms: { readonly count: number; readonly raceCount: number },
): SocketMetrics {
  new Gauge({
    name: 'game_rooms',
    help: 'Rooms on this instance, by whether a race is running',
    labelNames: ['racing'],
    registers: [registry],
    collect() {
      this.set({ racing: 'true' }, rooms.raceCount);
      this.set({ racing: 'false' }, rooms.count - rooms.raceCount);
    },
  });
  const events = new Counter({
    name: 'game_socket_events_total',
    help: 'Events received from players',
    labelNames: ['event', 'outcome'],
    registers: [registry],
  });
  // By event: with its labels looked up once, for nearly every event is counted here.
  const accepted = new Map<string, Counter.Internal>();
  return {
    connected: new Gauge({
      name: 'game_sockets_connected',
      help: 'Players connected to this instance',
      registers: [registry],
    }),
    count(event, outcome) {
      if (outcome !== 'ok') return events.inc({ event, outcome });
      const counter = accepted.get(event) ?? events.labels({ event, outcome });
      accepted.set(event, counter);
      counter.inc();
    },
  };
}
