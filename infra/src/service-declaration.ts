import { type RetentionProfile } from '@typerush/image-registry';
import { InfraError } from './infra-error';

/** A service that needs a repository. */
export interface ServiceDeclaration {
  readonly service: string;
  /** The repository, without the namespace of registry.json. */
  readonly repository: string;
  readonly retention: RetentionProfile;
  /** The functions of Lambda that may pull its images, by name with `*`; none where it is left out. */
  readonly lambdaFunctions?: string;
  /** The file that says so, for messages. */
  readonly declaredIn: string;
}

/** @throws InfraError where two services would share a stack or a repository. */
export function assertDistinct(services: readonly ServiceDeclaration[]): void {
  for (const field of ['service', 'repository'] as const) {
    const first = new Map<string, ServiceDeclaration>();
    for (const each of services) {
      const other = first.get(each[field]);
      if (other) {
        throw new InfraError(
          'DUPLICATE_DECLARATION',
          `${each.declaredIn}: ${field} "${each[field]}" is taken by ${other.declaredIn}. Give one of them another name.`,
        );
      }
      first.set(each[field], each);
    }
  }
}
