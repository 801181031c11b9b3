import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { baseReferences } from '@typerush/oci';
import { basesOf } from './base-lock/bases';
import { readBaseLock } from './base-lock/read-base-lock';
import { readServiceImage, type WorkspaceProject } from '@typerush/pipeline-context';
import { type BuildOptions, planBuild } from './plan-build';

/** What bases are, by everything that decides it: a run asks once, however many services share one. */
export type KnownBases = Map<string, Promise<string>>;

const ofThisRun: KnownBases = new Map();

/**
 * Identifies what affects an image beyond the files and options that Nx hashes: the base image as it is now, and the
 * program that builds. A stand-in base image has another identity than the base image that it replaces.
 *
 * @param builder the identity of the program that builds
 * @throws if the base image cannot be resolved
 */
export async function buildIdentity(
  options: Partial<BuildOptions>,
  context: WorkspaceProject,
  variables: Readonly<Record<string, string | undefined>>,
  builder: string,
  known = ofThisRun,
): Promise<string> {
  const { environment = 'dev', dockerfile = 'docker/service.Dockerfile', base = 'auto' } = options;
  const image = await readServiceImage(context, environment);
  const lock = await readBaseLock(context.root, dockerfile);
  const plan = planBuild(image, { environment, dockerfile, base }, lock);
  const text = await readFile(plan.dockerfile, 'utf8');
  const { runtime } = baseReferences(text, { file: dockerfile, args: plan.args });
  const key = JSON.stringify([runtime, base, plan.allowStandIn, plan.pins[runtime]]);
  const resolve = async () => (await basesOf(plan, variables).resolve(runtime)).identity;
  const resolving = known.get(key) ?? resolve();
  known.set(key, resolving);
  const parts = [await resolving, builder];
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16);
}
