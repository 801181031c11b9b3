import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import { type ReplayedStanding } from '@typerush/contracts';

export type ReplayContent = Pick<ReplayedStanding, 'keystrokes' | 'arrivals'>;

const compress = promisify(deflateRaw);
const decompress = promisify(inflateRaw);

/** A replay of a minute has about 1 kB. */
export async function packReplay({ keystrokes, arrivals }: ReplayContent): Promise<Buffer> {
  return compress(JSON.stringify([keystrokes, arrivals]));
}

export async function unpackReplay(packed: Uint8Array): Promise<ReplayContent> {
  const [keystrokes, arrivals] = JSON.parse((await decompress(packed)).toString()) as [
    ReplayContent['keystrokes'],
    ReplayContent['arrivals'],
  ];
  return { keystrokes, arrivals };
}
