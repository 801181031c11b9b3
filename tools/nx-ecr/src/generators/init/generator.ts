import { readFileSync } from 'node:fs';
import { formatFiles, readNxJson, type Tree, updateNxJson } from '@nx/devkit';
import { registryFile } from '@typerush/image-registry';
import { editorSchema } from '../editor-schema';
import { sharedFiles } from '../own-files';
import { defaultNamespace } from './default-namespace';
import { nodeMajor } from './node-version';
import { type InitOptions } from './options';
import { PluginRegistration } from './plugin-registration';

/** `nx add @typerush/nx-ecr`: sets up a workspace for images. Existing files are not changed. */
export default async function initGenerator(tree: Tree, options: InitOptions): Promise<void> {
  const registration = PluginRegistration.of(readNxJson(tree) ?? {});
  updateNxJson(tree, registration.registered(options.buildTargetName));
  addNamedInputs(tree);
  addRegistryConfig(tree, options.namespace);
  const { dockerfile, dockerignore } = sharedFiles();
  const text = readFileSync(dockerfile, 'utf8');
  const base = text.replace(/node:\d+-alpine/g, `node:${nodeMajor(tree)}-alpine`);
  addFile(tree, registration.dockerfile, base);
  addFile(tree, '.dockerignore', readFileSync(dockerignore, 'utf8'));
  ignoreBuilt(tree);
  if (!options.skipFormat) await formatFiles(tree);
}

/** The inferred targets refer to them, and Nx has no default for either. */
function addNamedInputs(tree: Tree): void {
  const nxJson = readNxJson(tree) ?? {};
  const { default: all, production, ...others } = nxJson.namedInputs ?? {};
  if (all && production) return;
  updateNxJson(tree, {
    ...nxJson,
    namedInputs: {
      default: all ?? ['{projectRoot}/**/*'],
      production: production ?? ['default', '!{projectRoot}/**/*.@(test|spec).[jt]s?(x)'],
      ...others,
    },
  });
}

function addRegistryConfig(tree: Tree, namespace = defaultNamespace(tree)): void {
  const config = {
    $schema: editorSchema(tree, '.', 'registry.schema.json'),
    namespace,
    naming: 'shared',
  };
  addFile(tree, registryFile, `${JSON.stringify(config, null, 2)}\n`);
}

/** Build output must not make the working tree look changed. */
function ignoreBuilt(tree: Tree): void {
  const ignored = tree.read('.gitignore', 'utf8') ?? '';
  if (/^\/?dist\/?$/m.test(ignored)) return;
  tree.write('.gitignore', `${ignored.trimEnd()}\ndist/\n`.trimStart());
}

function addFile(tree: Tree, path: string, content: string): void {
  if (!tree.exists(path)) tree.write(path, content);
}
