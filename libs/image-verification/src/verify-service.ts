import { PipelineError, type ServiceImage } from '@typerush/pipeline-context';
import { type Report, type ProgressReporter } from '@typerush/terminal-output';
import { describeVerification } from './describe-verification';
import { readSubject } from './read-subject';
import { checkImage } from './rules/check-image';
import {
  type ImageRunner,
  type RunnableImage,
  RunnerFailure,
  type RuntimeName,
} from './run/image-runner';
import { type Trial, tryImage, type TrialOptions } from './run/try-image';
import { type PlatformSubject, type Subject } from './subject';

export interface VerifyOptions {
  /** What runs the image; `auto`: the first that can. */
  readonly runtime: 'auto' | RuntimeName;
  /** Seconds until the service has to be alive and ready. */
  readonly timeout: number;
}

export interface VerifyServices {
  /** The ways to run an image, the best first. */
  readonly runners: (subject: Subject, platform: PlatformSubject) => readonly ImageRunner[];
  /** `os/architecture` of this machine's containers. */
  readonly hostPlatform: string;
  /** How long a service may take to end. */
  readonly stopSeconds: number;
  readonly reporter: ProgressReporter;
}

/** How the image was run. */
export interface TrialReport extends Trial {
  readonly runtime: RuntimeName;
  readonly platform: string;
  readonly lacks?: string;
}

/**
 * Looks at a built image and runs it. Every check is made, whatever the others say.
 *
 * @throws PipelineError `NOT_BUILT`, `RUNTIME_UNAVAILABLE`, and what reading the image throws
 */
export async function verifyService(
  service: ServiceImage,
  options: VerifyOptions,
  services: VerifyServices,
): Promise<Report & { readonly passed: boolean }> {
  const subject = await readSubject(service);
  const checks = await checkImage(subject);
  const trial = await tryOnThisMachine(subject, options, services);
  return describeVerification(subject, checks, trial);
}

async function tryOnThisMachine(
  subject: Subject,
  { runtime, timeout }: VerifyOptions,
  { runners, hostPlatform, stopSeconds, reporter }: VerifyServices,
): Promise<TrialReport> {
  const platform = platformFor(subject, hostPlatform);
  const { health, port, verify = {} } = subject.service.config;
  const image: RunnableImage = {
    run: platform.run,
    port,
    env: verify.env ?? {},
    files: platform.files,
  };
  const trialOptions: TrialOptions = { health, ready: verify.ready, timeout, stopSeconds };
  const reasons: string[] = [];
  for (const runner of runners(subject, platform)) {
    if (runtime !== 'auto' && runner.name !== runtime) continue;
    reporter.progress(`${subject.service.project}: running with ${runner.name}`);
    try {
      const reason = await runner.detect(image);
      if (reason) throw new RunnerFailure(reason);
      const trial = await tryImage(runner, image, trialOptions);
      return {
        ...trial,
        runtime: runner.name,
        lacks: runner.lacks,
        platform: platform.built.platform,
      };
    } catch (error) {
      if (!(error instanceof RunnerFailure)) throw error;
      reasons.push(`${runner.name}: ${error.message}`);
      reporter.note(`${subject.service.project}: not run with ${runner.name}: ${error.message}`);
    }
  }
  throw new PipelineError(
    'RUNTIME_UNAVAILABLE',
    `${subject.service.project} cannot be run here (${reasons.join('; ')}). ` +
      'Start Docker or podman, or take another: --runtime=auto falls back on this machine’s Node.',
  );
}

/** That of this machine, where the image has it. */
function platformFor({ platforms }: Subject, host: string): PlatformSubject {
  const found = platforms.find(({ built }) => built.platform === host) ?? platforms[0];
  if (!found) throw new Error('an image has a platform');
  return found;
}
