import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type ExecutorContext } from '@nx/devkit';
import { baseReferences } from '@typerush/oci';
import { basesOf } from '../base-lock/bases';
import { readBaseLock } from '../base-lock/read-base-lock';
import { type DockerBuildOptions } from '../executors/docker-build/executor';
import { readServiceImage } from '../service-image';
import { planBuild } from './plan-build';
import { pluginIdentity } from './plugin-identity';

type Context = Pick<ExecutorContext, 'root' | 'projectName' | 'projectsConfigurations'>;

/** What bases are, by everything that decides it: a run asks once, however many services share one. */
export type KnownBases = Map<string, Promise<string>>;

const ofThisRun: KnownBases = new Map();

/**
 * What decides about an image beyond the files and options that Nx hashes: its base as it is now, and this plugin. Another
 * text for another base; a stand-in is never taken for the real one.
 * @throws where the base cannot be told
 */
export async function buildIdentity(
  options: Partial<DockerBuildOptions>,
  context: Context,
  variables: Readonly<Record<string, string | undefined>>,
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
  const parts = [await resolving, await pluginIdentity()];
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16);
}
