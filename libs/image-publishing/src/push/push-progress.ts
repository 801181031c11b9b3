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
 * Shows what is sent: on a terminal a line for each layer on its way, with rate and time left, which goes when it has arrived;
 * elsewhere a line for each layer that has. What is present already is not reported.
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

  /** @param label Told with each line where there is more than one destination. */
  listener(label: string | undefined): CopyListener {
    return (event) => this.see(event, label ? `${label} ` : '');
  }

  private see(event: CopyEvent, label: string): void {
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
        return this.arrived(event, label);
      case 'retry':
        return this.say(
          `${label}trying again (${event.attempt} of ${event.attempts}) in ${seconds(event.delayMs)}: ${event.reason}`,
        );
    }
  }

  private arrived({ digest, size, action }: Extract<CopyEvent, { kind: 'blob' }>, label: string) {
    const key = keyOf(digest, label);
    const upload = this.uploads.get(key);
    this.uploads.delete(key);
    if (action === 'present') return;
    const took = upload ? ` in ${seconds(this.now() - upload.startedAt)}` : '';
    this.say(`${key}  ${byteSize(size)} ${action}${took}`);
  }

  /** A line that stays. */
  private say(line: string): void {
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

  /** Takes away what was drawn: up so many lines, and everything below. */
  private clear(): void {
    if (this.drawn > 0) this.stream.write(`\u001b[${this.drawn}A\u001b[0J`);
    this.drawn = 0;
  }
}

/** Nothing is shown: for `--json`. */
export const noProgress: CopyListener = () => undefined;

const keyOf = (digest: Digest, label: string) => `${label}${digest.slice(7, 19)}`;

const seconds = (ms: number) => `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
