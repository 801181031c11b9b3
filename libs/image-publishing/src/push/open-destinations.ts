import { type PushDestination, type Repository } from '@typerush/ecr-access';
import { type RegistryClient } from '@typerush/oci';
import { PipelineError } from '@typerush/pipeline-context';

export interface OpenDestination {
  readonly destination: PushDestination;
  readonly repository: Repository;
  readonly client: RegistryClient;
}

export interface OpeningServices {
  readonly destinations: readonly PushDestination[];
  readonly client: (repository: Repository) => RegistryClient;
  /** Creates the repository of a destination; undefined if that is not requested. */
  readonly provision?: (destination: PushDestination) => Promise<void>;
}

/** Looks up the repository of every destination, and creates missing ones if that is requested. @throws PipelineError */
export async function openDestinations(services: OpeningServices): Promise<OpenDestination[]> {
  const { destinations, client, provision } = services;
  const found = await Promise.all(
    destinations.map(async (destination) => {
      try {
        return await destination.open();
      } catch (error) {
        if (!provision || !destination.ecr || !isMissing(error)) throw error;
        return undefined;
      }
    }),
  );
  const opened: OpenDestination[] = [];
  // Sequentially: CloudFormation runs one change of a stack at a time, and each prints its progress.
  for (const [index, destination] of destinations.entries()) {
    if (!found[index]) await provision?.(destination);
    const repository = found[index] ?? (await destination.open());
    opened.push({ destination, repository, client: client(repository) });
  }
  return opened;
}

const isMissing = (error: unknown) =>
  error instanceof PipelineError && error.code === 'REPOSITORY_MISSING';
