import { type Narrator } from './engines/image-engine';

type Stream = Pick<NodeJS.WriteStream, 'isTTY' | 'write'>;

/** Speaks on standard error, so that standard output is left to results. */
export function narrateOn(stream: Stream): Narrator {
  const say = (line: string) => void stream.write(`${line}\n`);
  return { note: say, progress: stream.isTTY ? say : () => undefined };
}
