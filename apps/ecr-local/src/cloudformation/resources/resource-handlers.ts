import { type AwsLocation } from '../template/pseudo-parameters';
import { createRepositoryHandler, type RepositoryPort, repositoryType } from './ecr-repository';
import { createRecordedHandler } from './recorded-resource';
import { type ResourceHandler, type ResourceHandlers } from './resource-handler';

export interface ResourceDeps {
  readonly ecr: RepositoryPort;
  readonly location: AwsLocation;
  readonly newId: () => string;
}

/** Repositories are made; every other type is recorded. */
export function createResourceHandlers({ ecr, location, newId }: ResourceDeps): ResourceHandlers {
  const handlers = new Map<string, ResourceHandler>([
    [repositoryType, createRepositoryHandler(ecr, newId)],
  ]);
  return (type) => {
    const known = handlers.get(type);
    if (known) return known;
    const recorded = createRecordedHandler(type, location, newId);
    handlers.set(type, recorded);
    return recorded;
  };
}
