import { createHash } from 'node:crypto';
import { readServiceImage, type WorkspaceProject } from '@typerush/pipeline-context';
import { basesOf, readBaseReferences } from './base-lock/base-images';
import { readBaseLock } from './base-lock/base-lock';
import { type BuildOptions, planBuild } from './build-plan';

/** Identities of base images by their inputs: services that share a base image look it up once. */
const resolvedBases = new Map<string, Promise<string>>();

/**
 * Identifies what affects an image beyond the files and options that Nx hashes: the base image as it is now, and the
 * program that builds. A stand-in base image has another identity than the base image that it replaces.
 *
 * @param builder the identity of the program that builds
 * @param known base images that this process has resolved
 * @throws if the base image cannot be resolved
 */
export async function buildIdentity(
  options: Partial<BuildOptions>,
  project: WorkspaceProject,
  variables: NodeJS.ProcessEnv,
  builder: string,
  known = resolvedBases,
): Promise<string> {
  const { environment = 'dev', dockerfile = 'docker/service.Dockerfile', base = 'auto' } = options;
  const image = await readServiceImage(project, environment);
  const lock = await readBaseLock(image.workspaceRoot, dockerfile);
  const plan = planBuild(image, { environment, dockerfile, base }, lock);
  const { final: reference } = await readBaseReferences(plan.workspaceRoot, dockerfile, plan.args);
  const key = JSON.stringify([reference, base, plan.allowStandIn, plan.pins[reference]]);
  const resolve = async () => (await basesOf(plan, variables).resolve(reference)).identity;
  const resolving = known.get(key) ?? resolve();
  known.set(key, resolving);
  const parts = [await resolving, builder];
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16);
}
