import {
  addDependenciesToPackageJson,
  addProjectConfiguration,
  formatFiles,
  generateFiles,
  type GeneratorCallback,
  getProjects,
  installPackagesTask,
  logger,
  type TargetConfiguration,
  type Tree,
} from '@nx/devkit';
import { name as packageName, version } from '../../../package.json';
import { infraRoot } from '../../infra-project';
import { PipelineError } from '@typerush/pipeline-context';
import { perEnvironment } from '../../targets/environments';
import initGenerator from '../init/generator';
import { templates } from '../own-files';
import { tagList } from '../tag-list';
import { workspaceStyle } from '../service/workspace-style';
import { atVersion } from '../versions';
import { type InfraOptions } from './options';

/** Creates the CDK app that `provision` deploys. */
export default async function infraGenerator(
  tree: Tree,
  options: InfraOptions,
): Promise<GeneratorCallback> {
  if (getProjects(tree).has('infra') || tree.exists(infraRoot)) {
    throw new PipelineError(
      'INFRA_EXISTS',
      `Cannot create the CDK app: project or folder "${infraRoot}" exists. Declare the repositories in it with the constructs of @typerush/infra-ecr.`,
    );
  }
  await initGenerator(tree, { skipFormat: true });
  addProjectConfiguration(tree, 'infra', {
    root: infraRoot,
    sourceRoot: `${infraRoot}/src`,
    projectType: 'application',
    tags: tagList(options.tags ?? ''),
    targets: infraTargets,
  });
  generateFiles(tree, templates('infra/files'), infraRoot, workspaceStyle(tree));
  addDependenciesToPackageJson(
    tree,
    {},
    {
      '@typerush/infra-ecr': version,
      ...atVersion('@types/node', 'aws-cdk', 'aws-cdk-lib', 'constructs', 'tsx', 'typescript'),
    },
    'package.json',
    true,
  );
  if (!options.skipFormat) await formatFiles(tree);
  return () => {
    if (!options.skipInstall) installPackagesTask(tree);
    logger.info(nextSteps);
  };
}

const target = (
  executor: string,
  more: Partial<TargetConfiguration> = {},
): TargetConfiguration => ({
  executor: `${packageName}:${executor}`,
  ...more,
  ...perEnvironment(),
});

const cdk = (command: string, more: Partial<TargetConfiguration> = {}) =>
  target('cdk', { parallelism: false, ...more, options: { command } });

const afterSynthesis = { dependsOn: ['synth'] };

const infraTargets: Record<string, TargetConfiguration> = {
  deploy: cdk('deploy'),
  diff: cdk('diff'),
  synth: cdk('synth'),
  destroy: cdk('destroy', afterSynthesis),
  preview: target('preview'),
  drift: target('drift', afterSynthesis),
  cost: target('cost', afterSynthesis),
  backup: target('backup', afterSynthesis),
  restore: target('restore'),
};

const nextSteps = `
Next:
  nx diff infra               show what deploy would change in dev
  nx deploy infra             deploy every repository and the roles
  nx provision <project>      deploy the repository of one project
`;
