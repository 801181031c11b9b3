import {
  EcrRepositories,
  type EcrTarget,
  ecrTarget,
  type PushDestination,
  pushDestinations,
} from '@typerush/ecr-access';
import { type Destination, type Environment } from '@typerush/image-registry';
import { dockerCredentials } from '@typerush/oci';
import { type PipelineEnvironment, type ServiceImage } from '@typerush/pipeline-context';

interface Account {
  readonly environment: Environment;
  readonly machine: PipelineEnvironment;
  /** A profile of the AWS configuration. */
  readonly profile?: string;
}

/** The destinations of an environment on this machine. @param requested Replace those of registry.json. */
export function destinationsOf(
  service: ServiceImage,
  { environment, machine, profile }: Account,
  requested: readonly Destination[] = [],
): readonly PushDestination[] {
  const { project, destinations } = service;
  const { variables } = machine;
  return pushDestinations(service, requested, {
    environment,
    target: ecrTarget({ environment, destinations }, machine, profile),
    ecr: (target) => new EcrRepositories(target, { project, environment }),
    credentials: (host, repository) => () =>
      dockerCredentials({ host, path: repository, variables }),
  });
}

/** The ECR that deployments read from and that scans: that of the first such destination. */
export const ecrOf = (destinations: readonly PushDestination[]): EcrTarget | undefined =>
  destinations.find(({ ecr }) => ecr)?.ecr;
