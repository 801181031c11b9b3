import { ImageRegistryError } from '@typerush/image-registry';
import { InfraError } from './infra-error';
import { createRegistryApp } from './registry-app';

try {
  createRegistryApp(process.cwd()).synth();
} catch (error) {
  if (!(error instanceof InfraError || error instanceof ImageRegistryError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
