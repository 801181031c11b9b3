import { PullThroughCache, type PullThroughCacheProps } from '@typerush/infra-ecr';
import { Stack, type StackProps } from 'aws-cdk-lib/core';
import { type Construct } from 'constructs';
import { type EnvironmentSettings } from '../environments';
import { type RegistryContext } from '../registry-context';

export interface PullThroughCacheStackProps extends StackProps {
  readonly cache: PullThroughCacheProps;
}

/** The rules by which base images come through this registry. */
export class PullThroughCacheStack extends Stack {
  constructor(scope: Construct, id: string, props: PullThroughCacheStackProps) {
    super(scope, id, props);
    new PullThroughCache(this, 'Cache', props.cache);
  }
}

/** None unless `pullThroughCache` is set. */
export function addPullThroughCacheStack(
  scope: Construct,
  { names, environment, settings }: RegistryContext,
): PullThroughCacheStack | undefined {
  if (!settings.pullThroughCache) return undefined;
  return new PullThroughCacheStack(scope, names.supportingStack('pull-through-cache'), {
    description: `Images of other registries that come through this one (${environment})`,
    cache: { upstreams: settings.pullThroughCache },
  });
}

export const cachePrefixes = ({ pullThroughCache = [] }: EnvironmentSettings): string[] =>
  pullThroughCache.map(({ prefix }) => prefix);
