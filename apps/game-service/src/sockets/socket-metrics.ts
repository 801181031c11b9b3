import { type Metrics } from '@typerush/service-kit';
import { Counter, Gauge } from 'prom-client';

export interface SocketMetrics {
  connected: Gauge;
  /** By `event` (one of the contract's, or unknown) and `outcome` (ok, unacknowledged or an error's code). */
  events: Counter<'event' | 'outcome'>;
}

export function socketMetrics({ registry }: Metrics): SocketMetrics {
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
