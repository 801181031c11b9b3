import {
  type LifecyclePolicy,
  type RetentionNumbers,
  type Platform,
  supportingStacks,
  type RetentionProfile,
} from '@typerush/image-registry';
import { InfraError } from './infra-error';

/** A service that needs a repository. */
export interface ServiceDeclaration {
  readonly service: string;
  /** The repository, without the namespace of registry.json. */
  readonly repository: string;
  /** A profile, or a lifecycle policy of the repository's own. */
  readonly retention: RetentionProfile | LifecyclePolicy;
  /** The numbers of the profile that differ for this service. */
  readonly keep?: RetentionNumbers;
  /**
   * The platforms of its images.
   *
   * @default - not known here: the service is built in another workspace
   */
  readonly platforms?: readonly Platform[];
  /**
   * How its image is run.
   *
   * @default - not known here: the service is built in another workspace
   */
  readonly container?: {
    readonly port: number;
    /** The path that answers 200 while the process is alive. */
    readonly health: string;
    /** The path that answers 200 once it can serve. @default health */
    readonly ready?: string;
  };
  /** The file that declares it, for messages. */
  readonly declaredIn: string;
}

/** @throws InfraError if two services would share a stack or a repository. */
export function assertDistinct(
  repositories: readonly (ServiceDeclaration & { readonly repositoryName: string })[],
): void {
  const reserved: readonly string[] = supportingStacks;
  for (const { service, declaredIn } of repositories) {
    if (!reserved.includes(service)) continue;
    throw new InfraError(
      'DUPLICATE_DECLARATION',
      `${declaredIn}: invalid service name "${service}": a stack of the registry has it. Give the service another name.`,
    );
  }
  for (const [field, what] of [
    ['service', 'service'],
    ['repositoryName', 'repository'],
  ] as const) {
    const first = new Map<string, ServiceDeclaration>();
    for (const each of repositories) {
      const other = first.get(each[field]);
      if (other) {
        throw new InfraError(
          'DUPLICATE_DECLARATION',
          `${each.declaredIn}: ${what} "${each[field]}" is taken by ${other.declaredIn}. Give one of them another name.`,
        );
      }
      first.set(each[field], each);
    }
  }
}
