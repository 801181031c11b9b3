import { digestOf } from '@typerush/oci';
import { PushProgress } from './push-progress';

const digest = digestOf('layer');
const id = digest.slice(7, 19);

/** The lines that a terminal shows at the end, and everything that was written. */
function setup(isTTY: boolean) {
  let time = 0;
  const screen: string[] = [];
  let written = '';
  const stream = {
    isTTY,
    columns: 100,
    write(text: string) {
      written += text;
      const up = /^.\[(\d+)A.\[0J$/.exec(text)?.[1];
      if (up) screen.splice(screen.length - Number(up));
      else screen.push(text.replace(/\n$/, ''));
      return true;
    },
  };
  const progress = new PushProgress(stream, () => time);
  return {
    see: progress.listener(undefined),
    labelled: (label: string) => progress.listener(label),
    after: (ms: number) => (time += ms),
    screen,
    written: () => written,
  };
}

const blob = { digest, size: 4_000_000 };

describe('PushProgress', () => {
  it('shows on a terminal a line with rate and time left, and removes it at the end of the upload', () => {
    const { see, after, screen } = setup(true);
    see({ kind: 'blob-start', ...blob });
    after(2_000);
    see({ kind: 'blob-progress', ...blob, sentBytes: 1_000_000 });
    expect(screen).toEqual([`${id}  25 %  1.0 MB of 4.0 MB  500.0 kB/s, 6.0 s left`]);
    after(2_000);
    see({ kind: 'blob', ...blob, action: 'uploaded' });
    expect(screen).toEqual([`${id}  4.0 MB uploaded in 4.0 s`]);
  });

  it('redraws at most ten times a second', () => {
    const { see, after, written } = setup(true);
    see({ kind: 'blob-start', ...blob });
    const before = written();
    for (let sentBytes = 1; sentBytes < 50; sentBytes++) {
      after(1);
      see({ kind: 'blob-progress', ...blob, sentBytes });
    }
    expect(written()).toBe(before);
  });

  it('shows a line for each layer, and keeps the line of a retry', () => {
    const { see, labelled, screen } = setup(true);
    const other = { digest: digestOf('other'), size: 10 };
    see({ kind: 'blob-start', ...blob });
    labelled('eu-west-1')({ kind: 'blob-start', ...other });
    see({ kind: 'retry', attempt: 2, attempts: 6, reason: 'HTTP 503', delayMs: 400 });
    expect(screen).toEqual([
      'retrying (2 of 6) in 0.4 s: HTTP 503',
      expect.stringMatching(`^${id}`),
      expect.stringMatching(`^eu-west-1 ${other.digest.slice(7, 19)}`),
    ]);
  });

  it('prints a line for each uploaded or mounted layer without a terminal', () => {
    const { see, after, screen, written } = setup(false);
    see({ kind: 'blob-start', ...blob });
    see({ kind: 'blob-progress', ...blob, sentBytes: 5 });
    after(1_500);
    see({ kind: 'blob', ...blob, action: 'uploaded' });
    see({ kind: 'blob', digest: digestOf('base'), size: 9, action: 'present' });
    see({ kind: 'blob', digest: digestOf('mounted'), size: 9, action: 'mounted' });
    expect(screen).toEqual([
      `${id}  4.0 MB uploaded in 1.5 s`,
      `${digestOf('mounted').slice(7, 19)}  9 B mounted`,
    ]);
    expect(written()).not.toContain('\u001b');
  });
});
