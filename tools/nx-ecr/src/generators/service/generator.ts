import {
  formatFiles,
  generateFiles,
  type GeneratorCallback,
  getProjects,
  installPackagesTask,
  logger,
  offsetFromRoot,
  type TargetConfiguration,
  type Tree,
} from '@nx/devkit';
import { PipelineError } from '@typerush/pipeline-context';
import { freePort, takenPorts, writeImageFile } from '../image/image-file';
import initGenerator from '../init/generator';
import { templates } from '../own-files';
import { tagList } from '../tag-list';
import { commonTags, newServiceRoot } from './new-service';
import { generateNodeApplication } from './node-application';
import { type Framework, type ServiceOptions } from './options';
import { type ServiceKind } from './packages';
import { declareProject } from './project-files';
import { type WorkspaceStyle, workspaceStyle } from './workspace-style';

/** Creates a service with tests and an image. */
export default async function serviceGenerator(
  tree: Tree,
  options: ServiceOptions,
): Promise<GeneratorCallback> {
  const { name, framework, websocket = false } = options;
  if (websocket && framework !== 'express') {
    throw new PipelineError(
      'WEBSOCKET_UNSUPPORTED',
      `--websocket requires --framework=express, not ${framework}. Omit it or change the framework.`,
    );
  }
  const root = newServiceRoot(tree, name, options.directory);
  const tags = options.tags === undefined ? commonTags(tree) : tagList(options.tags);
  const port = options.port ?? freePort(takenPorts(tree, rootsOf(tree)));
  await initGenerator(tree, { skipFormat: true });
  const style = workspaceStyle(tree);
  const kind: ServiceKind = { framework, websocket };
  const targets = checkTargets(style);
  const description = descriptions[framework];
  await generateNodeApplication(tree, { name, root, framework, port, tags }, style);
  declareProject(tree, { ...kind, name, root, tags, description, targets }, style);
  writeImageFile(tree, root, {
    repository: name,
    retention: options.retention ?? 'environment',
    port,
    health: '/health/live',
  });
  writeSources(tree, root, { ...kind, ...style, name, port });
  if (!options.skipFormat) await formatFiles(tree);
  return () => {
    if (!options.skipInstall) installPackagesTask(tree, true);
    logger.info(nextSteps(name));
  };
}

const rootsOf = (tree: Tree) => [...getProjects(tree).values()].map(({ root }) => root);

const descriptions: Record<Framework, string> = {
  express: 'An HTTP service',
  nest: 'An HTTP service',
  worker: 'Processes jobs from a queue',
};

/** The checks that no plugin infers. */
const checkTargets = ({
  inferred,
  lintsByDefault,
}: WorkspaceStyle): Record<string, TargetConfiguration> => ({
  ...(lintsByDefault && { lint: {} }),
  ...(!inferred.test && { test: inProject('jest') }),
  ...(!inferred.typecheck && { typecheck: inProject('tsc --noEmit') }),
});

const inProject = (command: string): TargetConfiguration => ({
  command,
  cache: true,
  options: { cwd: '{projectRoot}' },
});

type Values = ServiceKind & WorkspaceStyle & { readonly name: string; readonly port: number };

function writeSources(tree: Tree, root: string, values: Values): void {
  const parts = [
    'common',
    ...(values.framework === 'worker' ? [] : ['http']),
    values.framework,
    ...(values.websocket ? ['websocket'] : []),
  ];
  for (const part of parts) {
    generateFiles(tree, templates('service/files', part), root, {
      ...values,
      projectRoot: root,
      offset: offsetFromRoot(root),
    });
  }
}

const nextSteps = (name: string) =>
  [
    '',
    'Next:',
    `  nx test ${name}`,
    `  nx serve ${name}`,
    `  nx run ${name}:docker-build             build the image into dist/images/${name}`,
    `  nx run ${name}:docker-push --dry-run    print what would be pushed`,
    '',
  ].join('\n');
