import { type Environment, type FindingSeverity } from '@typerush/image-registry';
import { shortDigest } from '@typerush/oci';
import { PipelineError, type ServiceImage } from '@typerush/pipeline-context';
import { type ProgressReporter } from '@typerush/terminal-output';
import { type ScannedImage } from './describe-scan';
import { evaluateScan, type Finding, type ScanRules } from './evaluate-scan';
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

/** An image in a repository, by the digests of its platforms: registries scan those, not the index over them. */
export interface ImageToScan {
  /** The name in ECR's API. */
  readonly repository: string;
  readonly platforms: readonly { readonly platform: string; readonly digest: string }[];
}

export interface ScanResult {
  readonly images: readonly ScannedImage[];
  readonly rules: ScanRules;
}

/** The severity from which on a finding blocks. */
export const scanThreshold = (
  { config }: Pick<ServiceImage, 'config'>,
  { threshold }: Pick<ScanOptions, 'threshold'>,
): FindingSeverity => threshold ?? config.scan?.threshold ?? 'CRITICAL';

/** The rules of image.json. @param now In ms since 1970. */
export const scanRules = (
  service: Pick<ServiceImage, 'config'>,
  options: Pick<ScanOptions, 'threshold'>,
  now: number,
): ScanRules => ({
  threshold: scanThreshold(service, options),
  allow: service.config.scan?.allow ?? [],
  now,
});

/**
 * Waits for the registry's scan of an image, and evaluates it.
 * @throws PipelineError `SCAN_FAILED`, `SCAN_TIMEOUT`, and those of the scans
 */
export async function scanImage(
  service: Pick<ServiceImage, 'config'>,
  { repository, platforms }: ImageToScan,
  options: Omit<ScanOptions, 'environment'>,
  services: ScanServices,
): Promise<ScanResult> {
  const now = services.now();
  const deadline = now + options.timeout * 1_000;
  const rules = scanRules(service, options, now);
  const images: ScannedImage[] = [];
  for (const { platform, digest } of platforms) {
    const findings = await waitForScan(repository, digest, deadline, options.timeout, services);
    images.push({ platform, digest, ...evaluateScan(findings, rules) });
  }
  return { images, rules };
}

async function waitForScan(
  repository: string,
  digest: string,
  deadline: number,
  timeout: number,
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
          `Fix: wait longer: --timeout=${Math.max(timeout * 2, 60)},\n     or turn on scan on push for the repository.`,
      );
    }
    reporter.progress(`waiting for the scan of ${shortDigest(digest)}`);
    await wait(pollMs);
  }
}

export const describeFailure = ({ status, description }: FailedScan) =>
  description ? `${status}: ${description}` : status;
