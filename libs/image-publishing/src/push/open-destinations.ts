import { type RegistryClient } from '@typerush/oci';
import { PipelineError } from '@typerush/pipeline-context';
import { type PushDestination, type Repository } from '@typerush/ecr-access';

/** An opened destination: where it is, and the way in. */
export interface OpenDestination {
  readonly destination: PushDestination;
  readonly repository: Repository;
  readonly client: RegistryClient;
}

export interface OpeningServices {
  readonly destinations: readonly PushDestination[];
  /** The way into a repository's registry. */
  readonly client: (repository: Repository) => RegistryClient;
  /** Makes the repository of a destination; undefined where that was not asked for. */
  readonly provision?: (destination: PushDestination) => Promise<void>;
}

/** Finds the repository of every destination, all at once; makes one that is missing where that was asked for. @throws PipelineError */
export async function openDestinations(services: OpeningServices): Promise<OpenDestination[]> {
  const { destinations, client, provision } = services;
  const tried = await Promise.all(
    destinations.map(async (destination) => {
      try {
        return { destination, repository: await destination.open() };
      } catch (error) {
        if (!provision || !destination.isEcr || !isMissing(error)) throw error;
        return { destination };
      }
    }),
  );
  const opened: OpenDestination[] = [];
  // One after another: CloudFormation changes a stack once at a time, and each shows what it does.
  for (const { destination, repository } of tried) {
    if (!repository) await provision?.(destination);
    const found = repository ?? (await destination.open());
    opened.push({ destination, repository: found, client: client(found) });
  }
  return opened;
}

const isMissing = (error: unknown) =>
  error instanceof PipelineError && error.code === 'REPOSITORY_MISSING';
