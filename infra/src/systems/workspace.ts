import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ImageConfigError,
  imageFile,
  parseImageConfig,
  parseRegistryConfig,
  type RegistryConfig,
  registryFile,
} from '@typerush/image-registry';
import { InfraError } from '../infra-error';
import { type ServiceDeclaration } from '../service-declaration';
import { type System } from './system';

/**
 * What a workspace says of its registry: registry.json, and the image.json of each folder in apps.
 *
 * @throws RegistryConfigError, and InfraError with all that is wrong in all files.
 */
export function readWorkspace(root: string): System {
  return { registry: readRegistry(root), services: readServices(root) };
}

function readRegistry(root: string): RegistryConfig {
  const file = join(root, registryFile);
  if (!existsSync(file)) {
    throw new InfraError(
      'NO_REGISTRY_CONFIG',
      `${file} is missing. Run this from the root of the workspace, or add it: {"namespace": "typerush", "naming": "shared"}`,
    );
  }
  return parseRegistryConfig(readFileSync(file, 'utf8'), registryFile);
}

function readServices(root: string): ServiceDeclaration[] {
  const errors: ImageConfigError[] = [];
  const services: ServiceDeclaration[] = [];
  for (const service of readdirSync(join(root, 'apps')).sort()) {
    const file = `apps/${service}/${imageFile}`;
    if (!existsSync(join(root, file))) continue;
    try {
      const { repository, retention } = parseImageConfig(
        readFileSync(join(root, file), 'utf8'),
        file,
      );
      services.push({ service, repository, retention, declaredIn: file });
    } catch (error) {
      if (!(error instanceof ImageConfigError)) throw error;
      errors.push(error);
    }
  }
  if (errors.length === 0) return services;
  throw new InfraError('INVALID_DECLARATIONS', errors.map(({ message }) => message).join('\n'), {
    cause: errors,
  });
}
