import { z } from 'zod';

/** `PORT`: a TCP port; 0 lets the system choose. */
export function portVariable(defaultPort: number) {
  const problem = 'is not a port number';
  return z
    .string()
    .trim()
    .regex(/^\d{1,5}$/, problem)
    .transform(Number)
    .refine((port) => port <= 65_535, problem)
    .default(defaultPort)
    .describe(`a whole number from 0 to 65535, or leave it out for ${defaultPort}`);
}

/** `HOST`: the address to listen on. Loopback by default; an image sets 0.0.0.0. */
export const hostVariable = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9.:_-]{1,253}$/, 'is not an address')
  .default('127.0.0.1')
  .describe('an IP address or host name without scheme or port, or leave it out for 127.0.0.1');

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof levels)[number];

/** `LOG_LEVEL`: the minimum level that is logged. */
export const logLevelVariable = z
  .enum(levels, 'is not a log level')
  .default('info')
  .describe(`one of ${levels.join(', ')}`);

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A duration such as `500ms`, `30s`, `15m`, `12h`, `7d`; parsed to milliseconds. */
export function durationVariable(
  defaultMs: number,
  limits: { minMs?: number; maxMs?: number } = {},
) {
  const { minMs = 0, maxMs = 365 * unitMs.d } = limits;
  return z
    .string()
    .trim()
    .regex(/^\d{1,9}(ms|s|m|h|d)$/, 'is not a duration')
    .transform(
      (text) => parseInt(text, 10) * unitMs[text.replace(/\d/g, '') as keyof typeof unitMs],
    )
    .refine((ms) => ms >= minMs && ms <= maxMs, 'is out of range')
    .default(defaultMs)
    .describe(
      `a duration such as 500ms, 30s or 12h, from ${durationText(minMs)} to ${durationText(maxMs)}`,
    );
}

function durationText(ms: number): string {
  const unit = (['d', 'h', 'm', 's'] as const).find((name) => ms > 0 && ms % unitMs[name] === 0);
  return unit ? `${ms / unitMs[unit]}${unit}` : `${ms}ms`;
}

/** The variables of every service; spread them into the service's own schema. */
export function serviceVariables(defaults: { port: number }) {
  return {
    PORT: portVariable(defaults.port),
    HOST: hostVariable,
    LOG_LEVEL: logLevelVariable,
    /** How long readiness responds with 503 before the listener closes, so that a load balancer can react first. */
    SHUTDOWN_DELAY: durationVariable(0, { maxMs: 5 * unitMs.m }),
    /** How long requests in flight, and then each dependency, may take to end. */
    SHUTDOWN_LIMIT: durationVariable(10 * unitMs.s, { minMs: 100, maxMs: 5 * unitMs.m }),
  };
}

/** The part of a service's configuration that `runService` needs. */
export interface ServiceConfig {
  readonly PORT: number;
  readonly HOST: string;
  readonly LOG_LEVEL: LogLevel;
  readonly SHUTDOWN_DELAY: number;
  readonly SHUTDOWN_LIMIT: number;
}
