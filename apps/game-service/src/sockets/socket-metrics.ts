import { type Metrics } from '@typerush/service-kit';
import { Counter, Gauge } from 'prom-client';

export interface SocketMetrics {
  connected: Gauge;
  /** By `event` (one of the contract's, or unknown) and `outcome` (ok, unacknowledged or an error's code). */
  events: Counter<'event' | 'outcome'>;
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
  return {
    connected: new Gauge({
      name: 'game_sockets_connected',
      help: 'Players connected to this instance',
      registers: [registry],
    }),
    events: new Counter({
      name: 'game_socket_events_total',
      help: 'Events received from players',
      labelNames: ['event', 'outcome'],
      registers: [registry],
    }),
  };
}
