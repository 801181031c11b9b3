import { type RegistryConfig } from '@typerush/image-registry';
import { type ServiceDeclaration } from './service-declaration';

/** Services whose repositories are named alike: those of this workspace, or of another (`systems` in registry.json). */
export interface System {
  readonly registry: RegistryConfig;
  readonly services: readonly ServiceDeclaration[];
}
