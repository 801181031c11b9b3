import { type Measurement, ratios, table } from './report';

const measurement = (
  request: string,
  server: string,
  perSecond: number,
  processorMs: number,
): Measurement => ({
  request,
  server,
  perSecond,
  processorMs,
  latency: { requests: 10, p50: 1.25, p99: 4, max: 9.5 },
});
const measurements = [
  measurement('profile', 'record-service', 900, 0.9),
  measurement('profile', 'pg', 1_200, 0.45),
  measurement('write', 'record-service', 300, 3),
  measurement('write', 'pg', 400.4, 2),
];

it('divides throughput and processor time of the service by those of its peer', () => {
  expect(ratios(measurements)).toEqual([
    { request: 'profile', perSecond: 0.75, processorMs: 2 },
    { request: 'write', perSecond: 0.75, processorMs: 1.5 },
  ]);
});

it('prints a line for each kind of request and server', () => {
  expect(table(measurements).split('\n')).toEqual([
    'request           server              p50 (ms)  p99 (ms)  max (ms)  a second  CPU (ms)',
    'profile           record-service           1.3       4.0       9.5       900      0.90',
    'profile           pg                       1.3       4.0       9.5      1200      0.45',
    'write             record-service           1.3       4.0       9.5       300      3.00',
    'write             pg                       1.3       4.0       9.5       400      2.00',
    '',
  ]);
});
