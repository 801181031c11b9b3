import { joinPathFragments, type Tree } from '@nx/devkit';
import { type ImageConfig, imageFile, parseImageConfig } from '@typerush/image-registry';
import { PipelineError } from '@typerush/pipeline-context';
import { editorSchema } from '../editor-schema';

type Written = Pick<ImageConfig, 'repository' | 'retention' | 'port' | 'health'>;

/**
 * Writes an app's image.json. One that is there stays as it is.
 *
 * @param asked what was asked for by name, and not chosen by the generator
 * @throws PipelineError IMAGE_CONFIG_DIFFERS where one is there and says something else than what was asked for
 * @throws ImageConfigError where one is there and is not valid
 */
export function writeImageFile(
  tree: Tree,
  projectRoot: string,
  config: Written,
  asked: Partial<Written> = {},
): ImageConfig {
  const file = joinPathFragments(projectRoot, imageFile);
  const standing = tree.read(file, 'utf8');
  if (standing === null) {
    const $schema = editorSchema(tree, projectRoot, 'image.schema.json');
    tree.write(file, `${JSON.stringify({ $schema, ...config }, null, 2)}\n`);
    return parseImageConfig(tree.read(file, 'utf8') ?? '', file);
  }
  const parsed = parseImageConfig(standing, file);
  assertSame(file, parsed, asked);
  return parsed;
}

function assertSame(file: string, standing: ImageConfig, asked: Partial<Written>): void {
  const differing = (Object.keys(asked) as (keyof Written)[]).filter(
    (field) => asked[field] !== undefined && asked[field] !== standing[field],
  );
  if (differing.length === 0) return;
  const which = differing.map(
    (field) =>
      `"${field}" is ${JSON.stringify(standing[field])}, not ${JSON.stringify(asked[field])}`,
  );
  throw new PipelineError(
    'IMAGE_CONFIG_DIFFERS',
    `${file} is there, and says otherwise: ${which.join('; ')}. Change the file, or leave the option out.`,
  );
}

/** The ports of the workspace's images. */
export function takenPorts(tree: Tree, projectRoots: readonly string[]): Set<number> {
  const ports = projectRoots.map((root) => {
    const text = tree.read(joinPathFragments(root, imageFile), 'utf8');
    try {
      return text ? (JSON.parse(text) as { port?: unknown }).port : undefined;
    } catch {
      // A mistake in another project's file is told by that project's targets.
      return undefined;
    }
  });
  return new Set(ports.filter((port) => typeof port === 'number'));
}

/** The first port from 3000 on that no other image of the workspace has. */
export function freePort(taken: ReadonlySet<number>): number {
  let port = 3000;
  while (taken.has(port)) port += 1;
  return port;
}
