import { shortDigest } from '@typerush/oci';
import { PipelineError, type ServiceImage } from '@typerush/pipeline-context';
import { type ProgressReporter, type Report } from '@typerush/terminal-output';
import pc from 'picocolors';
import { applyRules, type Check, type Result } from './check';
import { type ImageToVerify, type PlatformToVerify, readImageToVerify } from './image-to-verify';
import { checkImage } from './rules/check-image';
import {
  type ImageRunner,
  type RunnableImage,
  RunnerFailure,
  type RuntimeName,
} from './run/image-runner';
import { runSmokeTest, type SmokeTest } from './run/smoke-test';

export interface VerifyOptions {
  /** What runs the image; `auto`: the first runner that can. */
  readonly runtime: 'auto' | RuntimeName;
  /** Seconds until the service must be alive and ready. */
  readonly timeout: number;
}

export interface VerifyServices {
  /** The ways to run an image, the preferred one first. */
  readonly runners: (image: ImageToVerify, platform: PlatformToVerify) => readonly ImageRunner[];
  /** `os/architecture` of the containers of this machine. */
  readonly hostPlatform: string;
  /** Seconds until the service must have ended. */
  readonly stopSeconds: number;
  readonly reporter: ProgressReporter;
  /** Verifies the signature of the image in its registry; undefined if that is not requested. */
  readonly signature?: (image: ImageToVerify) => Promise<Result>;
}

/** A smoke test, and how the image was run for it. */
interface SmokeTestReport extends SmokeTest {
  readonly runtime: RuntimeName;
  readonly platform: string;
  readonly lacks?: string;
}

/**
 * Makes all checks of a built image and of the running image, even if some fail.
 *
 * @throws PipelineError `NOT_BUILT`, `RUNTIME_UNAVAILABLE`, and the errors of reading the image
 */
export async function verifyService(
  service: ServiceImage,
  options: VerifyOptions,
  services: VerifyServices,
): Promise<Report> {
  const image = await readImageToVerify(service);
  const checks = [...(await checkImage(image)), ...(await checkSignature(image, services))];
  return describe(image, checks, await smokeTestHere(image, options, services));
}

async function checkSignature(image: ImageToVerify, { signature }: VerifyServices) {
  if (!signature) return [];
  const rule = {
    id: 'signature',
    fact: 'an identity of registry.json has signed it',
    remedy: 'push the image with the key of a signer, or correct "signers" in registry.json.',
    check: signature,
  };
  return applyRules([rule], image);
}

async function smokeTestHere(
  image: ImageToVerify,
  { runtime, timeout }: VerifyOptions,
  { runners, hostPlatform, stopSeconds, reporter }: VerifyServices,
): Promise<SmokeTestReport> {
  const { project, config } = image.service;
  const { health, port, verify = {} } = config;
  const platform = platformFor(image, hostPlatform);
  const { run, files } = platform;
  const runnable: RunnableImage = {
    run,
    port,
    env: verify.env ?? {},
    files,
    leftOut: image.leftOut ?? [],
  };
  const reasons: string[] = [];
  for (const runner of runners(image, platform)) {
    if (runtime !== 'auto' && runner.name !== runtime) continue;
    reporter.progress(`${project}: running with ${runner.name}`);
    try {
      const reason = await runner.detect(runnable);
      if (reason) throw new RunnerFailure(reason);
      const options = { health, ready: verify.ready, timeout, stopSeconds };
      return {
        ...(await runSmokeTest(runner, runnable, options)),
        runtime: runner.name,
        lacks: runner.lacks,
        platform: platform.built.platform,
      };
    } catch (error) {
      if (!(error instanceof RunnerFailure)) throw error;
      reasons.push(`${runner.name}: ${error.message}`);
      reporter.note(`${project}: not run with ${runner.name}: ${error.message}`);
    }
  }
  throw new PipelineError(
    'RUNTIME_UNAVAILABLE',
    `Cannot run the image of ${project} on this machine: ${reasons.join('; ')}.\n` +
      'Fix: start Docker or podman, or use --runtime=auto, which falls back to Node.',
  );
}

/** That of this machine, if the image has it. */
function platformFor({ platforms }: ImageToVerify, host: string): PlatformToVerify {
  const found = platforms.find(({ built }) => built.platform === host) ?? platforms[0];
  if (!found) throw new Error('an image has a platform');
  return found;
}

function describe(
  { service: { project }, built }: ImageToVerify,
  checks: readonly Check[],
  { checks: runChecks, ...run }: SmokeTestReport,
): Report {
  const all = [...checks, ...runChecks];
  const failed = all.filter(({ outcome }) => outcome === 'failed');
  const passed = failed.length === 0;
  return {
    passed,
    data: { service: project, digest: built.digest, passed, ...run, checks: all },
    text: [
      pc.bold(`${project}: verified ${shortDigest(built.digest)}, built with ${built.engine}`),
      ...section('the image', checks),
      ...section(`run with ${run.runtime}, ${run.platform}`, runChecks),
      ...(run.lacks ? [`  ${pc.yellow('note')} ${run.lacks}`] : []),
      ...describeColdStart(run),
      passed
        ? `${pc.green('passed')}: ${countChecks(all)}`
        : `${pc.red('failed')}: ${failed.map(({ id }) => id).join(', ')}`,
      '',
    ].join('\n'),
  };
}

/** A skipped check has shown nothing. */
function countChecks(checks: readonly Check[]): string {
  const skipped = checks.filter(({ outcome }) => outcome === 'skipped').length;
  const made = `${checks.length - skipped} checks`;
  return skipped > 0 ? `${made}, ${skipped} skipped` : made;
}

const section = (title: string, checks: readonly Check[]): string[] => [
  `  ${pc.dim(title)}`,
  ...checks.flatMap(describeCheck),
];

const marks = { passed: pc.green('pass'), failed: pc.red('FAIL'), skipped: pc.yellow('skip') };

const maxDetails = 20;

function describeCheck({ id, fact, outcome, details, remedy }: Check): string[] {
  const line = `  ${marks[outcome]}  ${id.padEnd(20)}  ${fact}`;
  if (outcome !== 'failed') return [details.length > 0 ? `${line} (${details.join(', ')})` : line];
  const more = details.length - maxDetails;
  return [
    line,
    ...details.slice(0, maxDetails).map((detail) => `          ${detail}`),
    ...(more > 0 ? [`          and ${more} more`] : []),
    `          ${pc.dim('Fix:')} ${remedy ?? ''}`,
  ];
}

function describeColdStart({ coldStart: { liveMs, readyMs } }: Pick<SmokeTest, 'coldStart'>) {
  if (liveMs === undefined) return [];
  const ready = readyMs === undefined ? '' : `, ready after ${readyMs} ms`;
  return [`  cold start: alive after ${liveMs} ms${ready}`];
}
