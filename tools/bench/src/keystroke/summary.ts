import { type Quantiles, quantiles } from '../quantiles';

/** Of one keystroke, in ms. */
export interface Keystroke {
  /** From the key to the changed document: the page's own code. */
  readonly change: number;
  /** From the start of the next frame until it is painted: styles, layout, paint. */
  readonly frame: number;
  /** From the key until the frame is painted; includes the wait for the frame. */
  readonly painted: number;
  /** Whether the next frame shows it. */
  readonly isInNextFrame: boolean;
}

/** Of the main thread for one key, in ms; independent of what else runs on the machine. */
export interface ProcessorTime {
  readonly all: number;
  readonly script: number;
  readonly style: number;
  readonly layout: number;
}

/** A frame at 60 Hz, in ms. */
const FRAME_MS = 1_000 / 60;

export interface Summary {
  readonly keys: number;
  /** Share of the keys that the next frame shows. */
  readonly inNextFrame: number;
  /** Share of the keys whose work fits into a frame. */
  readonly withinFrame: number;
  readonly work: Quantiles;
  readonly painted: Quantiles;
}

export function summarize(keystrokes: readonly Keystroke[]): Summary {
  const share = (test: (one: Keystroke) => boolean) =>
    keystrokes.filter(test).length / keystrokes.length;
  const workOf = ({ change, frame }: Keystroke) => change + frame;
  return {
    keys: keystrokes.length,
    inNextFrame: share(({ isInNextFrame }) => isInNextFrame),
    withinFrame: share((one) => workOf(one) <= FRAME_MS),
    work: quantiles(keystrokes.map(workOf)),
    painted: quantiles(keystrokes.map(({ painted }) => painted)),
  };
}
