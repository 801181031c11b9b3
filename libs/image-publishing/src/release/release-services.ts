import { type PushDestination } from '@typerush/ecr-access';
import { excerpt } from '@typerush/image-registry';
import { isDigest, RegistryClient } from '@typerush/oci';
import { type PipelineEnvironment, PipelineError } from '@typerush/pipeline-context';
import { type ProgressReporter, reportProgressTo } from '@typerush/terminal-output';
import { type OpeningServices } from '../push/destinations';
import { destinationProgress } from '../push/push-progress';
import { type DestinationServices } from '../push/push-to-destinations';
import { type OnInterruption, onSignal, type Prompt, terminalPrompt } from './terminal';

/** What a promotion and a rollback use. */
export interface ReleaseServices
  extends Omit<OpeningServices, 'provision'>, Pick<DestinationServices, 'progress'> {
  readonly prompt: Prompt;
  readonly onInterruption: OnInterruption;
  readonly now: () => Date;
  readonly reporter: ProgressReporter;
}

/** The same on this machine. */
export const releaseServices = (
  destinations: readonly PushDestination[],
  settings: { readonly json: boolean },
  machine: PipelineEnvironment,
): ReleaseServices => ({
  destinations,
  client: (repository) => new RegistryClient(repository),
  progress: destinationProgress(destinations, settings),
  prompt: terminalPrompt(machine),
  onInterruption: onSignal,
  now: () => new Date(),
  reporter: reportProgressTo(process.stderr),
});

/** The tag or digest that the options name; undefined if they name none. @throws PipelineError `OPTIONS_INVALID` */
export function requestedImage({
  digest,
  tag,
}: {
  readonly digest?: string;
  readonly tag?: string;
}): string | undefined {
  const invalid = (problem: string) => new PipelineError('OPTIONS_INVALID', problem);
  if (digest !== undefined && tag !== undefined) {
    throw invalid('--digest and --tag are both set.\nFix: pass one of them.');
  }
  if (digest !== undefined && !isDigest(digest)) {
    throw invalid(
      `Invalid --digest=${excerpt(digest)}. Expected sha256: and 64 hexadecimal digits.`,
    );
  }
  return digest ?? tag;
}
