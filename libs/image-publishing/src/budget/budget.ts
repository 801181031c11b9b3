import { type Digest } from '@typerush/oci';
import { PipelineError } from '@typerush/pipeline-context';
import { byteSize, grid } from '@typerush/terminal-output';
import pc from 'picocolors';

/** A layer or a package. */
export interface Size {
  readonly name: string;
  readonly bytes: number;
}

/** How a size differs between two images. */
export interface Growth {
  readonly name: string;
  /** 0 if the earlier image does not have it. */
  readonly before: number;
  readonly now: number;
}

/** The size of an image above its base image, with its limit and the growth since the previous image. */
export interface Budget {
  /** null if image.json sets none. */
  readonly limitBytes: number | null;
  readonly platforms: readonly { readonly platform: string; readonly bytes: number }[];
  /** The share of the layer of public/, which is the same on each platform; null if image.json sets none. */
  readonly public: { readonly bytes: number; readonly limitBytes: number } | null;
  /** The image that the environment's moving tag points to; null if there is none, or it cannot be read. */
  readonly since: { readonly tag: string; readonly digest: Digest } | null;
  /** Of the largest platform; compressed bytes. */
  readonly layers: readonly Growth[];
  /** Bytes in the bundle, before compression. */
  readonly packages: readonly Growth[];
}

export const grownBy = ({ before, now }: Growth) => now - before;

/** Sizes that differ, the largest growth first. Sizes of one name are added. */
export function compareSizes(before: readonly Size[], now: readonly Size[]): Growth[] {
  const [old, current] = [totals(before), totals(now)];
  const names = [...new Set([...old.keys(), ...current.keys()])];
  return names
    .map((name) => ({ name, before: old.get(name) ?? 0, now: current.get(name) ?? 0 }))
    .filter((growth) => grownBy(growth) !== 0)
    .sort((a, b) => grownBy(b) - grownBy(a) || (a.name < b.name ? -1 : 1));
}

function totals(sizes: readonly Size[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { name, bytes } of sizes) sums.set(name, (sums.get(name) ?? 0) + bytes);
  return sums;
}

export const largestPlatform = ({ platforms }: Pick<Budget, 'platforms'>) =>
  platforms.reduce((largest, one) => (one.bytes > largest.bytes ? one : largest), {
    platform: '',
    bytes: 0,
  });

/** In one line: `0.8 of 2.0 MB (40 %), public/ 0.1 of 0.3 MB (33 %), 0.012 MB more than latest`. */
export function describeBudget(budget: Budget): string {
  const { bytes } = largestPlatform(budget);
  const { limitBytes, since, layers } = budget;
  const growth = layers.reduce((sum, layer) => sum + grownBy(layer), 0);
  const share = budget.public;
  return [
    `${byteSize(bytes)}${ofLimit(bytes, limitBytes)}`,
    ...(share ? [`public/ ${byteSize(share.bytes)}${ofLimit(share.bytes, share.limitBytes)}`] : []),
    ...(since ? [compared(growth, since.tag)] : []),
  ].join(', ');
}

const ofLimit = (bytes: number, limitBytes: number | null) =>
  limitBytes === null
    ? ''
    : ` of ${byteSize(limitBytes)} (${Math.round((bytes / limitBytes) * 100)} %)`;

function compared(growth: number, tag: string): string {
  if (growth === 0) return `as much as ${tag}`;
  return `${byteSize(Math.abs(growth))} ${growth > 0 ? 'more' : 'less'} than ${tag}`;
}

/** Name, before, now and growth of the items that grew most, as text. */
export function growthRows(growths: readonly Growth[], limit: number): string[][] {
  const size = (bytes: number) => (bytes === 0 ? '-' : byteSize(bytes));
  const sign = (bytes: number) => `${bytes > 0 ? '+' : '-'}${byteSize(Math.abs(bytes))}`;
  return growths
    .slice(0, limit)
    .map((one) => [one.name, size(one.before), size(one.now), sign(grownBy(one))]);
}

/** Layers and packages that grew or shrank, as tables for the terminal. */
export function growthTables({ layers, packages, since }: Budget): string {
  const table = (title: string, name: string, growths: readonly Growth[]) => {
    if (growths.length === 0) return '';
    const heading = [name, 'before', 'now', 'growth'];
    return grid(title, heading, growthRows(growths, 15), ['left', 'right', 'right', 'right']);
  };
  const sinceTag = since ? ` since ${since.tag}` : '';
  return [
    table(`Layers${sinceTag}, compressed`, 'layer', layers),
    table(`Packages${sinceTag}, in the bundle`, 'package', packages),
  ].join('');
}

/** @throws PipelineError `BUDGET_EXCEEDED` */
export function checkBudget(budget: Budget, project: string, file: string): void {
  const excess = excessOf(budget);
  if (!excess) return;
  const { since } = budget;
  const growth = since
    ? growthTables(budget) || `The image has the same size as ${since.tag}.\n`
    : 'There is no earlier image to compare it with.\n';
  throw new PipelineError(
    'BUDGET_EXCEEDED',
    `${project} is over its budget: ${excess.what} take ${pc.bold(byteSize(excess.bytes))}, ` +
      `and budget.${excess.setting} in ${file} allows ${byteSize(excess.limitBytes)}.\n${growth}` +
      `Fix: remove what the service does not need, or raise budget.${excess.setting}.`,
  );
}

interface Excess {
  readonly setting: string;
  readonly what: string;
  readonly bytes: number;
  readonly limitBytes: number;
}

function excessOf(budget: Budget): Excess | undefined {
  const { platform, bytes } = largestPlatform(budget);
  const { limitBytes, public: share } = budget;
  const what = `its layers above the base image for ${platform}`;
  const limits: Excess[] = [
    { setting: 'layersMb', what, bytes, limitBytes: limitBytes ?? Infinity },
    ...(share ? [{ setting: 'publicMb', what: 'the layer of public/', ...share }] : []),
  ];
  return limits.find((limit) => limit.bytes > limit.limitBytes);
}
