import { joinPathFragments, type Tree } from '@nx/devkit';
import { type ImageConfig, imageFile, parseImageConfig } from '@typerush/image-registry';
import { PipelineError } from '@typerush/pipeline-context';
import { editorSchema } from '../editor-schema';

type Written = Pick<ImageConfig, 'repository' | 'retention' | 'port' | 'health'>;

/**
 * Writes image.json of an app. An existing file is not changed.
 *
 * @param requested fields that were set by options, not chosen by the generator
 * @throws PipelineError IMAGE_CONFIG_DIFFERS if an existing file differs from what is requested
 * @throws ImageConfigError if an existing file is invalid
 */
export function writeImageFile(
  tree: Tree,
  projectRoot: string,
  config: Written,
  requested: Partial<Written> = {},
): ImageConfig {
  const file = joinPathFragments(projectRoot, imageFile);
  const existing = tree.read(file, 'utf8');
  if (existing === null) {
    const $schema = editorSchema(tree, projectRoot, 'image.schema.json');
    tree.write(file, `${JSON.stringify({ $schema, ...config }, null, 2)}\n`);
    return parseImageConfig(tree.read(file, 'utf8') ?? '', file);
  }
  const parsed = parseImageConfig(existing, file);
  assertSame(file, parsed, requested);
  return parsed;
}

function assertSame(file: string, existing: ImageConfig, requested: Partial<Written>): void {
  const differing = (Object.keys(requested) as (keyof Written)[]).filter(
    (field) => requested[field] !== undefined && requested[field] !== existing[field],
  );
  if (differing.length === 0) return;
  const which = differing.map(
    (field) =>
      `"${field}" is ${JSON.stringify(existing[field])}, not ${JSON.stringify(requested[field])}`,
  );
  throw new PipelineError(
    'IMAGE_CONFIG_DIFFERS',
    `${file} exists and differs: ${which.join('; ')}. Change the file or omit the option.`,
  );
}

/** The ports of the workspace's images. */
export function takenPorts(tree: Tree, projectRoots: readonly string[]): Set<number> {
  const ports = projectRoots.map((root) => {
    const text = tree.read(joinPathFragments(root, imageFile), 'utf8');
    try {
      return text ? (JSON.parse(text) as { port?: unknown }).port : undefined;
    } catch {
      // The targets of the other project report its invalid file.
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
