import { type Quantiles } from '../quantiles';
import { type ProgramOptions } from './program-options';
import { type Way } from './ways';

/** What a generator does to a server. */
export interface Load extends Pick<ProgramOptions, 'port' | 'peers'> {
  readonly way: Way;
  readonly players: number;
  readonly seconds: number;
  readonly serverPid: number;
}

/** What it has measured; of one server, in the measured time alone. */
export interface LoadResult {
  /** In percent of one core. */
  readonly serverCpu: number;
  readonly generatorCpu: number;
  /** Bytes of each player and second, without TCP's and IP's headers. */
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** From when a message is due to its acknowledgement; of a caret, to its arrival at another player. In ms. */
  readonly delay: Quantiles;
  /** How late the generator sent, in ms; is in `delay`. */
  readonly lateness: Quantiles;
  /** Resident memory of the server for each player. */
  readonly memory: number;
  /** Of each player. */
  readonly messagesPerSecond: number;
  readonly ticksPerSecond: number;
  readonly refused: number;
  /** Messages that were not acknowledged a second after the measured time. */
  readonly unanswered: number;
  /** Players of whom the server holds something else than a replay gives; null if it holds nothing. */
  readonly wrong: number | null;
}
