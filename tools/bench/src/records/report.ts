import { type Latencies } from './load';

/** One kind of request at one server. */
export interface Measurement {
  readonly request: string;
  readonly server: string;
  readonly latency: Latencies;
  readonly perSecond: number;
  /** Processor time of the server's own process for a request, in ms; depends least on what else runs on the machine. */
  readonly processorMs: number;
}

/** The first server of a kind of request, divided by the second one. */
export interface Ratio {
  readonly request: string;
  readonly perSecond: number;
  readonly processorMs: number;
}

export function ratios(measurements: readonly Measurement[]): Ratio[] {
  return measurements.flatMap((own, index) => {
    const other = measurements.findLast(({ request }) => request === own.request);
    if (!other || measurements.indexOf(other) <= index) return [];
    const ratio = (name: 'perSecond' | 'processorMs') =>
      Math.round((own[name] / other[name]) * 100) / 100;
    const { request } = own;
    return [{ request, perSecond: ratio('perSecond'), processorMs: ratio('processorMs') }];
  });
}

export function table(measurements: readonly Measurement[]): string {
  const lines = [
    ['request', 'server', 'p50 (ms)', 'p99 (ms)', 'max (ms)', 'a second', 'CPU (ms)'],
    ...measurements.map(
      ({ request, server, latency: { p50, p99, max }, perSecond, processorMs }) => [
        request,
        server,
        ...[p50, p99, max].map((value) => value.toFixed(1)),
        perSecond.toFixed(0),
        processorMs.toFixed(2),
      ],
    ),
  ];
  return lines
    .map((cells) => {
      const padded = cells.map((cell, column) =>
        column < 2 ? cell.padEnd(18) : cell.padStart(10),
      );
      return `${padded.join('')}\n`;
    })
    .join('');
}
