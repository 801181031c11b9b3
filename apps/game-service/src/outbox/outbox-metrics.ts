import { type Metrics } from '@typerush/service-kit';
import { Counter, Gauge } from 'prom-client';

export interface OutboxMetrics {
  /** By `outcome`: recorded, rejected or lost. */
  readonly results: Counter<'outcome'>;
  readonly retries: Counter;
}

export function outboxMetrics(
  { registry }: Metrics,
  outbox: { readonly pendingCount: number; oldestMs(): number },
): OutboxMetrics {
  new Gauge({
    name: 'game_outbox_pending',
    help: 'Results that record-service does not have yet',
    registers: [registry],
    collect() {
      this.set(outbox.pendingCount);
    },
  });
  new Gauge({
    name: 'game_outbox_oldest_seconds',
    help: 'How long the oldest of them has waited',
    registers: [registry],
    collect() {
      this.set(outbox.oldestMs() / 1_000);
    },
  });
  return {
    results: new Counter({
      name: 'game_results_total',
      help: 'Results by what became of them',
      labelNames: ['outcome'],
      registers: [registry],
    }),
    retries: new Counter({
      name: 'game_outbox_retries_total',
      help: 'Attempts to write a result that have to be repeated',
      registers: [registry],
    }),
  };
}
