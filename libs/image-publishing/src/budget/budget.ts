import { byteSize } from '@typerush/terminal-output';

/** The size of an image above its base image, with its limit. */
export interface Budget {
  /** null if image.json sets none. */
  readonly limitBytes: number | null;
  readonly platforms: readonly { readonly platform: string; readonly bytes: number }[];
  /** The share of the layer of public/, which is the same on each platform; null if image.json sets none. */
  readonly public: { readonly bytes: number; readonly limitBytes: number } | null;
}

export const largestPlatform = ({ platforms }: Pick<Budget, 'platforms'>) =>
  platforms.reduce((largest, one) => (one.bytes > largest.bytes ? one : largest), {
    platform: '',
    bytes: 0,
  });

/** In one line: `0.8 of 2.0 MB (40 %), public/ 0.1 of 0.3 MB (33 %)`. */
export function describeBudget(budget: Budget): string {
  const { bytes } = largestPlatform(budget);
  const share = budget.public;
  return [
    `${byteSize(bytes)}${ofLimit(bytes, budget.limitBytes)}`,
    ...(share ? [`public/ ${byteSize(share.bytes)}${ofLimit(share.bytes, share.limitBytes)}`] : []),
  ].join(', ');
}

const ofLimit = (bytes: number, limitBytes: number | null) =>
  limitBytes === null
    ? ''
    : ` of ${byteSize(limitBytes)} (${Math.round((bytes / limitBytes) * 100)} %)`;
