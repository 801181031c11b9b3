import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { imageFile, registryFile } from '@typerush/image-registry';

/** Writes as much of a workspace as tells of its registry: registry.json, and the image.json of so many services. */
export async function writeWorkspace(root: string, services: number): Promise<void> {
  await mkdir(path.join(root, 'apps'), { recursive: true });
  await writeFile(
    path.join(root, registryFile),
    JSON.stringify({ namespace: 'bench', naming: 'shared' }),
  );
  for (let n = 1; n <= services; n += 1) {
    const service = `service-${n}`;
    await mkdir(path.join(root, 'apps', service));
    const config = {
      repository: service,
      retention: n % 2 ? 'environment' : 'release',
      port: 3000,
      health: '/health/live',
    };
    await writeFile(path.join(root, 'apps', service, imageFile), JSON.stringify(config));
  }
}
