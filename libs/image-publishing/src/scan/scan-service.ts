import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Environment, type FindingSeverity } from '@typerush/image-registry';
import { z } from 'zod';
import { PipelineError, type ServiceImage } from '@typerush/pipeline-context';
import { type Report, type ProgressReporter } from '@typerush/terminal-output';
import { describeScans } from './describe-scan';
import { type ImageScans } from './image-scans';
import { judgeScan, type Judgement } from './judge-scan';

export interface ScanOptions {
  readonly environment: Environment;
  /** Goes before that of `image.json`. */
  readonly threshold?: FindingSeverity;
  /** Seconds to wait for the registry's scan. */
  readonly timeout: number;
}

export interface ScanServices {
  readonly scans: ImageScans;
  /** Resolves after so many milliseconds. */
  readonly wait: (milliseconds: number) => Promise<void>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly reporter: ProgressReporter;
}

/** The judgement on the image of one platform. */
export interface ScannedImage extends Judgement {
  readonly platform: string;
  readonly digest: string;
}

const pollMs = 5_000;

/** What is read of `push.json`. */
const pushedSchema = z.looseObject({
  environment: z.string(),
  repository: z.string(),
  platforms: z.array(z.looseObject({ platform: z.string(), digest: z.string() })).min(1),
});

/**
 * Waits for the registry's scan of what docker-push has pushed, and judges it. A scan is of an image: of each platform,
 * not of the index over them.
 *
 * @throws PipelineError `NOT_PUSHED`, `SCAN_FAILED`, `SCAN_TIMEOUT`, and what the scans throw
 */
export async function scanService(
  service: ServiceImage,
  options: ScanOptions,
  services: ScanServices,
): Promise<Report & { readonly passed: boolean }> {
  const { repository, platforms } = await readPushed(service, options.environment);
  const now = services.now();
  const deadline = now + options.timeout * 1_000;
  const { threshold = 'CRITICAL', allow = [] } = service.config.scan ?? {};
  const rules = { threshold: options.threshold ?? threshold, allow, now };
  const images: ScannedImage[] = [];
  for (const { platform, digest } of platforms) {
    const findings = await finished(repository, digest, { service, deadline, options, services });
    images.push({ platform, digest, ...judgeScan(findings, rules) });
  }
  return describeScans({ service: service.project, repository, images }, rules);
}

async function readPushed({ outDir, project }: ServiceImage, environment: Environment) {
  const file = path.join(outDir, 'push.json');
  const text = await readFile(file, 'utf8').catch(() => undefined);
  const pushed = text === undefined ? undefined : parsePushed(text);
  if (pushed?.environment === environment) return pushed;
  throw new PipelineError(
    'NOT_PUSHED',
    `${project} has not been pushed to ${environment} from here: there is nothing to scan. ` +
      `Push it first: nx run ${project}:docker-push -c ${environment}`,
  );
}

/** Nothing where it is not what a push writes, half written or edited. */
function parsePushed(text: string) {
  try {
    return pushedSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

interface Waiting {
  readonly service: ServiceImage;
  readonly deadline: number;
  readonly options: ScanOptions;
  readonly services: ScanServices;
}

async function finished(repository: string, digest: string, waiting: Waiting) {
  const { service, deadline, options, services } = waiting;
  const image = `${repository}@${digest}`;
  for (;;) {
    const scan = await services.scans.of(repository, digest);
    if (scan.status === 'complete') return scan.findings;
    if (scan.status === 'failed') {
      throw new PipelineError(
        'SCAN_FAILED',
        `The registry could not scan ${image} (${scan.reason}). Start another scan: ` +
          `aws ecr start-image-scan --repository-name ${repository} --image-id imageDigest=${digest}`,
      );
    }
    if (services.now() >= deadline) {
      throw new PipelineError(
        'SCAN_TIMEOUT',
        `The scan of ${image} was not complete after ${options.timeout} s. Is scan on push on? ` +
          `Wait longer: nx run ${service.project}:docker-scan -c ${options.environment} --timeout=${options.timeout * 2}`,
      );
    }
    services.reporter.progress(`waiting for the scan of ${digest.slice(0, 19)}`);
    await services.wait(pollMs);
  }
}
