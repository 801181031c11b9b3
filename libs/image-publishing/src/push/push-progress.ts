import { type CopyEvent, type CopyListener, type Digest } from '@typerush/oci';
import { byteSize } from '@typerush/terminal-output';

type Stream = Pick<NodeJS.WriteStream, 'isTTY' | 'write' | 'columns'>;

interface Upload {
  readonly size: number;
  readonly startedAt: number;
  sent: number;
}

const redrawMs = 100;

/**
 * Shows uploads: on a terminal a line for each running upload, with rate and time left, which is removed at its end; elsewhere a
 * line for each upload that has ended. Layers that are present are not shown.
 */
export class PushProgress {
  private readonly uploads = new Map<string, Upload>();
  private drawn = 0;
  private drawnAt = 0;

  /** @param now Milliseconds. */
  constructor(
    private readonly stream: Stream,
    private readonly now: () => number,
  ) {}

  /** @param label Begins each line; the destination if there are several. */
  listener(label: string | undefined): CopyListener {
    return (event) => this.show(event, label ? `${label} ` : '');
  }

  private show(event: CopyEvent, label: string): void {
    switch (event.kind) {
      case 'blob-start':
        this.uploads.set(keyOf(event.digest, label), {
          size: event.size,
          startedAt: this.now(),
          sent: 0,
        });
        return this.draw(true);
      case 'blob-progress': {
        const upload = this.uploads.get(keyOf(event.digest, label));
        if (upload) upload.sent = event.sentBytes;
        return this.draw(false);
      }
      case 'blob':
        return this.end(event, label);
      case 'retry':
        return this.print(
          `${label}retrying (${event.attempt} of ${event.attempts}) in ${seconds(event.delayMs)}: ${event.reason}`,
        );
    }
  }

  private end({ digest, size, action }: Extract<CopyEvent, { kind: 'blob' }>, label: string) {
    const key = keyOf(digest, label);
    const upload = this.uploads.get(key);
    this.uploads.delete(key);
    if (action === 'present') return;
    const took = upload ? ` in ${seconds(this.now() - upload.startedAt)}` : '';
    this.print(`${key}  ${byteSize(size)} ${action}${took}`);
  }

  /** A line that stays. */
  private print(line: string): void {
    this.clear();
    this.stream.write(`${line}\n`);
    this.draw(true);
  }

  private draw(anyway: boolean): void {
    if (!this.stream.isTTY) return;
    if (!anyway && this.now() - this.drawnAt < redrawMs) return;
    this.clear();
    const width = this.stream.columns || 80;
    const lines = [...this.uploads].map(([key, upload]) =>
      this.line(key, upload).slice(0, width - 1),
    );
    for (const line of lines) this.stream.write(`${line}\n`);
    this.drawn = lines.length;
    this.drawnAt = this.now();
  }

  private line(key: string, { size, sent, startedAt }: Upload): string {
    const elapsed = (this.now() - startedAt) / 1000;
    const rate = elapsed > 0 ? sent / elapsed : 0;
    const left = rate > 0 ? `, ${seconds(((size - sent) / rate) * 1000)} left` : '';
    const percent = `${Math.floor((sent / Math.max(size, 1)) * 100)}`.padStart(3);
    return `${key} ${percent} %  ${byteSize(sent)} of ${byteSize(size)}  ${byteSize(rate)}/s${left}`;
  }

  /** Erases the drawn lines: moves the cursor up to the first one, and erases everything below. */
  private clear(): void {
    if (this.drawn > 0) this.stream.write(`\u001b[${this.drawn}A\u001b[0J`);
    this.drawn = 0;
  }
}

/** Progress on standard error, with the destination in front if there are several; none for the output of `--json`. */
export function destinationProgress(
  destinations: readonly unknown[],
  { json }: { readonly json: boolean },
): (destination: string) => CopyListener {
  const progress = new PushProgress(process.stderr, Date.now);
  return (destination) =>
    json ? () => undefined : progress.listener(destinations.length > 1 ? destination : undefined);
}

const keyOf = (digest: Digest, label: string) => `${label}${digest.slice(7, 19)}`;

const seconds = (ms: number) => `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
