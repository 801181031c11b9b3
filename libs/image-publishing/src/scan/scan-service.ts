import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Environment, type FindingSeverity } from '@typerush/image-registry';
import { PipelineError, type ServiceImage } from '@typerush/pipeline-context';
import { type ProgressReporter, type Report } from '@typerush/terminal-output';
import { z } from 'zod';
import { describeScans, type ScannedImage } from './describe-scan';
import { evaluateScan, type Finding } from './evaluate-scan';
import { type FailedScan, scanRemedy } from './scan-remedy';

/** The state of a registry's scan of one image. */
export type ImageScan =
  | { readonly status: 'pending' }
  | { readonly status: 'failed'; readonly failure: FailedScan }
  | { readonly status: 'complete'; readonly findings: readonly Finding[] };

/** The scans of a registry. */
export interface ImageScans {
  /** @throws PipelineError if the registry is unreachable or does not scan */
  of(repository: string, digest: string): Promise<ImageScan>;
}

export interface ScanOptions {
  readonly environment: Environment;
  /** Has precedence over that of `image.json`. */
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

const pollMs = 5_000;

/** The part of `push.json` that is read. */
const pushedSchema = z.looseObject({
  environment: z.string(),
  repository: z.string(),
  platforms: z.array(z.looseObject({ platform: z.string(), digest: z.string() })).min(1),
});

/**
 * Waits for the registry's scan of the image that docker-push has pushed, and evaluates it. Registries scan the image of each
 * platform, not the index over them.
 * @throws PipelineError `NOT_PUSHED`, `SCAN_FAILED`, `SCAN_TIMEOUT`, and those of the scans
 */
export async function scanService(
  service: ServiceImage,
  options: ScanOptions,
  services: ScanServices,
): Promise<Report & { readonly passed: boolean }> {
  const { project, config } = service;
  const { repository, platforms } = await readPushed(service, options.environment);
  const now = services.now();
  const deadline = now + options.timeout * 1_000;
  const { threshold = 'CRITICAL', allow = [] } = config.scan ?? {};
  const rules = { threshold: options.threshold ?? threshold, allow, now };
  const images: ScannedImage[] = [];
  for (const { platform, digest } of platforms) {
    const image = { project, repository, digest };
    const findings = await waitForScan(image, deadline, options, services);
    images.push({ platform, digest, ...evaluateScan(findings, rules) });
  }
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

async function waitForScan(
  { project, repository, digest }: Record<'project' | 'repository' | 'digest', string>,
  deadline: number,
  { environment, timeout }: ScanOptions,
  { scans, wait, now, reporter }: ScanServices,
): Promise<readonly Finding[]> {
  const image = `${repository}@${digest}`;
  for (;;) {
    const scan = await scans.of(repository, digest);
    if (scan.status === 'complete') return scan.findings;
    if (scan.status === 'failed') {
      throw new PipelineError(
        'SCAN_FAILED',
        `The registry has no findings of ${image} (${describeFailure(scan.failure)}).\n` +
          `Fix: ${scanRemedy(scan.failure, { repository, digest })}`,
      );
    }
    if (now() >= deadline) {
      throw new PipelineError(
        'SCAN_TIMEOUT',
        `The scan of ${image} was not complete after ${timeout} s. Scan on push may be off.\n` +
          `Fix: wait longer: nx run ${project}:docker-scan -c ${environment} --timeout=${timeout * 2},\n     or turn on scan on push for the repository.`,
      );
    }
    reporter.progress(`waiting for the scan of ${digest.slice(0, 19)}`);
    await wait(pollMs);
  }
}

const describeFailure = ({ status, description }: FailedScan) =>
  description ? `${status}: ${description}` : status;
