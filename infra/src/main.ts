import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ImageRegistryError } from '@typerush/image-registry';
import { InfraError } from './infra-error';
import { createRegistryApp } from './registry-app';

try {
  const { directory, stacks } = createRegistryApp(process.cwd()).synth();
  // The CDK leaves the templates of services that are gone, and drift and backup would read them.
  const templates = new Set(stacks.map(({ templateFile }) => templateFile));
  for (const file of readdirSync(directory)) {
    if (file.endsWith('.template.json') && !templates.has(file)) rmSync(join(directory, file));
  }
} catch (error) {
  if (!(error instanceof InfraError || error instanceof ImageRegistryError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
