import { type BigIntStats, createReadStream } from 'node:fs';
import { algorithmOf, digestOfStream } from '../digest';

const intact = Promise.resolve(true);

/** Entries of a few hundred bytes: what is forgotten is only read again. */
const rememberedFiles = 10_000;

interface Checked {
  /** Changes whenever the file is written, renamed or replaced. */
  readonly state: string;
  readonly intact: Promise<boolean>;
}

/**
 * Whether files still have the bytes that their digest names. Each is read whole once in the life of the process, and
 * again only after it has changed.
 */
export class IntactFiles {
  private readonly checked = new Map<string, Checked>();

  /** @param onDamage is called once for each state of a file whose bytes are others */
  constructor(private readonly onDamage: (file: string) => void) {}

  /** The bytes were read just now, and have the digest of the file. */
  remember(file: string, stats: BigIntStats): void {
    this.add(file, { state: stateOf(stats), intact });
  }

  isIntact(file: string, digest: string, stats: BigIntStats): Promise<boolean> {
    const state = stateOf(stats);
    const known = this.checked.get(file);
    if (known?.state === state) return known.intact;
    const checking = this.check(file, digest);
    this.add(file, { state, intact: checking });
    // A failure to read says nothing about the bytes.
    checking.catch(() => this.checked.delete(file));
    return checking;
  }

  private async check(file: string, digest: string): Promise<boolean> {
    const found = await digestOfStream(createReadStream(file), algorithmOf(digest));
    if (found !== digest) this.onDamage(file);
    return found === digest;
  }

  private add(file: string, checked: Checked): void {
    this.checked.delete(file);
    this.checked.set(file, checked);
    const [oldest] = this.checked.keys();
    if (this.checked.size > rememberedFiles && oldest !== undefined) this.checked.delete(oldest);
  }
}

const stateOf = ({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string =>
  [dev, ino, size, mtimeNs, ctimeNs].join(' ');
