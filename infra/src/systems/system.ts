import { type RegistryConfig } from '@typerush/image-registry';
import { type ServiceDeclaration } from '../service-declaration';

/** Services whose repositories are named alike. */
export interface System {
  readonly registry: RegistryConfig;
  readonly services: readonly ServiceDeclaration[];
}
