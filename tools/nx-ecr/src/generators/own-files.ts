import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { name } from '../../package.json';

const packageRoot = dirname(require.resolve(`${name}/package.json`));
/** Packing copies files from here into the package, to the same path. */
const repositoryRoot = join(packageRoot, '../..');

/** The templates of a generator. */
export const templates = (...segments: string[]) =>
  join(packageRoot, 'src/generators', ...segments);

/** The Dockerfile of every image and its .dockerignore: those of this repository. */
export const sharedFiles = () => ({
  dockerfile: ownFile('docker/service.Dockerfile'),
  dockerignore: ownFile('.dockerignore'),
});

/** The folder with the JSON Schemas for editors. */
export const editorSchemaFolder = () => {
  const packed = join(packageRoot, 'schema');
  return existsSync(packed) ? packed : join(repositoryRoot, 'libs/image-registry/schema');
};

function ownFile(path: string): string {
  const packed = join(packageRoot, path);
  return existsSync(packed) ? packed : join(repositoryRoot, path);
}
