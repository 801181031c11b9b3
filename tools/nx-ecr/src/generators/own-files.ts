import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { name } from '../../package.json';

const packageRoot = dirname(require.resolve(`${name}/package.json`));
/** Where the workspace keeps what packing copies into the package, under the same name. */
const repositoryRoot = join(packageRoot, '../..');

/** The templates of a generator. */
export const templates = (...segments: string[]) =>
  join(packageRoot, 'src/generators', ...segments);

/** The Dockerfile of every image, and what its build context leaves out: this repository's own. */
export const sharedFiles = () => ({
  dockerfile: ownFile('docker/service.Dockerfile'),
  dockerignore: ownFile('.dockerignore'),
});

/** The folder with the JSON Schemas that editors read. */
export const editorSchemaFolder = () => {
  const packed = join(packageRoot, 'schema');
  return existsSync(packed) ? packed : join(repositoryRoot, 'libs/image-registry/schema');
};

function ownFile(path: string): string {
  const packed = join(packageRoot, path);
  return existsSync(packed) ? packed : join(repositoryRoot, path);
}
