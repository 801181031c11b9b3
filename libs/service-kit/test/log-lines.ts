import { createLogger, type Logger } from '../src';
import { type LogLevel } from '../src/config-variables';

type Line = Record<string, unknown>;

/** A real logger that writes into a list. */
export function logLines(level: LogLevel = 'debug'): { logger: Logger; lines: Line[] } {
  const lines: Line[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line) as Line) };
  return { logger: createLogger({ service: 'test', level, destination }), lines };
}
