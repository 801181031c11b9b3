import { type BuiltImage, type BuiltPlatform, type EngineName } from '../built-image';
import { type BuildPlan } from '../engines/image-engine';
import { megabytes, table } from '../report';

/** What a person wants to know of a build. */
export function describeBuild(image: BuiltImage, because: string): string {
  const { base } = image;
  return table(`${image.service}: built with ${image.engine}`, [
    ['engine', because],
    ['base', base.standIn ? `a stand-in for ${base.reference}` : base.reference],
    ...image.platforms.map((platform) => [platform.platform, describePlatform(platform)] as const),
    ['digest', image.digest],
  ]);
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
    ...Object.entries(plan.args),
  ]);
}
