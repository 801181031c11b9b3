import { EcrImageRecords } from '@typerush/ecr-access';
import { type Environment } from '@typerush/image-registry';
import { RegistryClient } from '@typerush/oci';
import { type PipelineEnvironment, type ServiceImage } from '@typerush/pipeline-context';
import { reportProgressTo } from '@typerush/terminal-output';
import { destinationsOf, ecrOf } from '../push/destinations';
import { destinationProgress } from '../push/push-progress';
import { onSignal, terminalPrompt } from '../release/terminal';
import { type RollbackServices } from './rollback-service';

interface RollbackSettings {
  readonly environment: Environment;
  /** Of the AWS configuration. */
  readonly profile?: string;
  readonly json: boolean;
}

/** The services of a rollback on this machine. */
export function rollbackServices(
  service: ServiceImage,
  settings: RollbackSettings,
  machine: PipelineEnvironment,
): RollbackServices {
  const { environment, profile } = settings;
  const destinations = destinationsOf(service, { environment, machine, profile });
  const ecr = ecrOf(destinations);
  return {
    destinations,
    client: (repository) => new RegistryClient(repository),
    records: ecr && new EcrImageRecords(ecr, { project: service.project, environment }),
    progress: destinationProgress(destinations, settings),
    prompt: terminalPrompt(machine),
    onInterruption: onSignal,
    now: () => new Date(),
    reporter: reportProgressTo(process.stderr),
  };
}
