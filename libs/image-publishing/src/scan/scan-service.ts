import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type EcrTarget } from '@typerush/ecr-access';
import { type Environment } from '@typerush/image-registry';
import {
  parseAs,
  type PipelineEnvironment,
  PipelineError,
  type ServiceImage,
} from '@typerush/pipeline-context';
import { type Report, reportProgressTo } from '@typerush/terminal-output';
import * as z from 'zod';
import { destinationsOf, ecrOf } from '../push/destinations';
import { describeScans } from './describe-scan';
import { EcrImageScans } from './ecr-image-scans';
import { scanImage, type ScanOptions, type ScanServices } from './scan-image';

/** The part of `push.json` that is read. */
const pushedSchema = z.looseObject({
  environment: z.string(),
  repository: z.string(),
  platforms: z.array(z.looseObject({ platform: z.string(), digest: z.string() })).min(1),
});

/**
 * Waits for the registry's scan of the image that docker-push has pushed, and evaluates it.
 * @throws PipelineError `NOT_PUSHED`, `SCAN_FAILED`, `SCAN_TIMEOUT`, and those of the scans
 */
export async function scanService(
  service: ServiceImage,
  options: ScanOptions,
  services: ScanServices,
): Promise<Report> {
  const { project } = service;
  const { repository, platforms } = await readPushed(service, options.environment);
  const { images, rules } = await scanImage(service, { repository, platforms }, options, services);
  return describeScans({ service: project, repository, images }, rules);
}

async function readPushed({ outDir, project }: ServiceImage, environment: Environment) {
  const text = await readFile(path.join(outDir, 'push.json'), 'utf8').catch(() => '');
  const pushed = parseAs(pushedSchema, text);
  if (pushed?.environment === environment) return pushed;
  throw new PipelineError(
    'NOT_PUSHED',
    `Cannot scan ${project}: it has not been pushed to ${environment} from this workspace.\n` +
      `Fix: nx run ${project}:docker-push -c ${environment}`,
  );
}

/** The scans of an ECR, on this machine. */
export const scansOf = (
  ecr: EcrTarget,
  names: { readonly project: string; readonly environment: Environment },
): ScanServices => ({
  scans: new EcrImageScans(ecr, names),
  wait: (milliseconds) => wait(milliseconds),
  now: Date.now,
  reporter: reportProgressTo(process.stderr),
});

/** The scans of an environment: of its first destination that is Amazon ECR. @throws PipelineError `SCAN_UNSUPPORTED` */
export function scanServices(
  service: ServiceImage,
  environment: Environment,
  machine: PipelineEnvironment,
): ScanServices {
  const { project } = service;
  const ecr = ecrOf(destinationsOf(service, { environment, machine }));
  if (ecr) return scansOf(ecr, { project, environment });
  throw new PipelineError(
    'SCAN_UNSUPPORTED',
    `Cannot scan ${project} in ${environment}: no destination is Amazon ECR.\n` +
      'Fix: add a destination with a region to registry.json.',
  );
}
