import { type ImageDifference } from '@typerush/image-comparison';
import { PipelineError } from '@typerush/pipeline-context';
import { byteSize } from '@typerush/terminal-output';
import pc from 'picocolors';
import { type Budget, largestPlatform } from './budget';
import { growthTables } from './growth';

/** @throws PipelineError `BUDGET_EXCEEDED` */
export function checkBudget(
  budget: Budget,
  difference: ImageDifference | null,
  { project, file }: { readonly project: string; readonly file: string },
): void {
  const excess = excessOf(budget);
  if (!excess) return;
  const growth = difference
    ? growthTables(difference) || `The image has the same size as ${difference.before.name}.\n`
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
