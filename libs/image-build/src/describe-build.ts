import path from 'node:path';
import { withoutDigest } from '@typerush/oci';
import { type BuiltImage, type BuiltPlatform, type EngineName } from '@typerush/pipeline-context';
import { type BuildPlan } from './engines/image-engine';
import { megabytes, table } from '@typerush/terminal-output';
import { type WrittenOutputs } from './write-outputs';

/** What a person wants to know of a build. */
export function describeBuild(
  image: BuiltImage,
  because: string,
  { layout, archives }: WrittenOutputs,
  root: string,
): string {
  const { base } = image;
  const files = [...(layout ? [layout] : []), ...archives];
  return table(`${image.service}: built with ${image.engine}`, [
    ['engine', because],
    ['base', describeBase(base)],
    ...image.platforms.map((platform) => [platform.platform, describePlatform(platform)] as const),
    ['digest', image.digest],
    ...files.map((file) => ['written', path.relative(root, file)] as const),
  ]);
}

function describeBase({ reference, digest, standIn }: BuiltImage['base']): string {
  if (standIn) return `a stand-in for ${reference}`;
  return digest ? `${withoutDigest(reference)} at ${digest}` : reference;
}

function describePlatform({ digest, layers }: BuiltPlatform): string {
  const own = layers.filter(({ fromBase }) => !fromBase);
  const bytes = own.reduce((sum, { size }) => sum + size, 0);
  const count = `${own.length} ${own.length === 1 ? 'layer' : 'layers'}`;
  return `${digest}, ${count} of ${megabytes(bytes)} on the base`;
}

export function describeBuildPlan(plan: BuildPlan, engine: EngineName, because: string): string {
  return table(`${plan.service}: would build ${plan.repository} with ${engine}`, [
    ['engine', because],
    ['dockerfile', plan.dockerfile],
    ['platforms', plan.platforms.join(', ')],
    ['base', plan.allowStandIn ? plan.base : `${plan.base}, never a stand-in`],
    ...Object.entries(plan.pins).map(
      ([reference, { digest }]) => ['pinned', `${reference} at ${digest}`] as const,
    ),
    ...Object.entries(plan.args),
  ]);
}
