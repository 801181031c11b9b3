import { type Digest } from '@typerush/oci';
import pc from 'picocolors';
import { PipelineError } from '@typerush/pipeline-context';
import { grid, byteSize } from '@typerush/terminal-output';
import { grownBy, type Growth } from './growth';

/** What an image weighs above its base, against what it may, and against the image before it. */
export interface Budget {
  /** null where image.json names none. */
  readonly limitBytes: number | null;
  readonly platforms: readonly { readonly platform: string; readonly bytes: number }[];
  /** The image that the environment's moving tag names now; null where there is none, or none that can be read. */
  readonly since: { readonly tag: string; readonly digest: Digest } | null;
  /** Of the heaviest platform; compressed bytes. */
  readonly layers: readonly Growth[];
  /** Bytes in the bundle, before compression. */
  readonly packages: readonly Growth[];
}

export const heaviest = ({ platforms }: Pick<Budget, 'platforms'>) =>
  platforms.reduce((most, one) => (one.bytes > most.bytes ? one : most), {
    platform: '',
    bytes: 0,
  });

const total = (growths: readonly Growth[]) =>
  growths.reduce((sum, growth) => sum + grownBy(growth), 0);

/** In one line: `0.8 of 2.0 MB (40 %), 0.012 MB more than latest`. */
export function describeBudget(budget: Budget): string {
  const { bytes } = heaviest(budget);
  const { limitBytes, since, layers } = budget;
  const share = limitBytes === null ? '' : ` (${Math.round((bytes / limitBytes) * 100)} %)`;
  const limit = limitBytes === null ? '' : ` of ${byteSize(limitBytes)}${share}`;
  return `${byteSize(bytes)}${limit}${since ? `, ${compared(total(layers), since.tag)}` : ''}`;
}

function compared(growth: number, tag: string): string {
  if (growth === 0) return `as much as ${tag}`;
  return `${byteSize(Math.abs(growth))} ${growth > 0 ? 'more' : 'less'} than ${tag}`;
}

export const signed = (bytes: number) => `${bytes > 0 ? '+' : '-'}${byteSize(Math.abs(bytes))}`;

const shown = 15;

/** What grew, layers first, as rows of name, before, now and growth. */
export function growthTables({ layers, packages, since }: Budget): string {
  const rows = (growths: readonly Growth[]) =>
    growths
      .slice(0, shown)
      .map((growth) => [
        growth.name,
        growth.before === 0 ? '-' : byteSize(growth.before),
        growth.now === 0 ? '-' : byteSize(growth.now),
        signed(grownBy(growth)),
      ]);
  const align = ['left', 'right', 'right', 'right'] as const;
  const table = (title: string, name: string, growths: readonly Growth[]) =>
    growths.length === 0
      ? ''
      : grid(title, [name, 'before', 'now', 'growth'], rows(growths), align);
  const sinceTag = since ? ` since ${since.tag}` : '';
  return [
    table(`Layers${sinceTag}, compressed`, 'layer', layers),
    table(`Packages${sinceTag}, in the bundle`, 'package', packages),
  ].join('');
}

/** @throws PipelineError `BUDGET_EXCEEDED` */
export function checkBudget(budget: Budget, project: string, file: string): void {
  const { platform, bytes } = heaviest(budget);
  const { limitBytes, since } = budget;
  if (limitBytes === null || bytes <= limitBytes) return;
  const grown = since
    ? growthTables(budget) || `It weighs as much as ${since.tag}.\n`
    : 'There is no image before it to compare with.\n';
  throw new PipelineError(
    'BUDGET_EXCEEDED',
    `The layers of ${project} above its base take ${pc.bold(byteSize(bytes))} for ${platform}, and budget.layersMb in ${file} ` +
      `allows ${byteSize(limitBytes)}. Nothing was sent.\n${grown}` +
      'Take out what the service does not need, or raise budget.layersMb.',
  );
}
