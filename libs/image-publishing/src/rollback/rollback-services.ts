import { EcrImageRecords } from '@typerush/ecr-access';
import { type Environment } from '@typerush/image-registry';
import { type PipelineEnvironment, type ServiceImage } from '@typerush/pipeline-context';
import { destinationsOf, ecrOf } from '../push/destinations';
import { releaseServices } from '../release/release-services';
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
    ...releaseServices(destinations, settings, machine),
    records: ecr && new EcrImageRecords(ecr, { project: service.project, environment }),
  };
}
