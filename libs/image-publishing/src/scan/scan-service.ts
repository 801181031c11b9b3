import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Environment } from '@typerush/image-registry';
import { PipelineError, type ServiceImage } from '@typerush/pipeline-context';
import { type Report } from '@typerush/terminal-output';
import * as z from 'zod';
import { describeScans } from './describe-scan';
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
  const pushed = await readFile(path.join(outDir, 'push.json'), 'utf8')
    .then((text) => pushedSchema.parse(JSON.parse(text)))
    // Missing, incomplete or edited.
    .catch(() => undefined);
  if (pushed?.environment === environment) return pushed;
  throw new PipelineError(
    'NOT_PUSHED',
    `Cannot scan ${project}: it has not been pushed to ${environment} from this workspace.\n` +
      `Fix: nx run ${project}:docker-push -c ${environment}`,
  );
}
