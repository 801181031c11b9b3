import { type ExecutorContext } from '@nx/devkit';
import { readServiceImage } from '@typerush/pipeline-context';
import { DeploymentError } from '@typerush/service-deployment';
import { reportProgressTo } from '@typerush/terminal-output';
import { openEnvironment } from '../open-environment';
import { reportResult } from '../report-result';
import { runReporting } from '../run-executor';
import { type DeployedImage, deployImage } from './deploy-image';
import { dockerDeployOptions, type DockerDeployOptions } from './options';

/** `nx run <project>:docker-deploy` */
export default function dockerDeploy(given: DockerDeployOptions, context: ExecutorContext) {
  return runReporting(dockerDeployOptions, given, context, async (options, machine) => {
    const { environment } = options;
    const { project, repository } = await readServiceImage(context, environment);
    const { registry, target } = await openEnvironment(context.root, environment, machine);
    const deployed = await deployImage(
      { ...options, service: project, repository },
      {
        root: context.root,
        registry,
        target,
        reporter: reportProgressTo(process.stderr),
      },
    ).catch(async (error: unknown) => {
      const runs = error instanceof DeploymentError ? error.rolledBackTo : undefined;
      if (runs === undefined) throw error;
      // A pipeline reads here which image the moving tag should point to.
      const digest = runs.slice(runs.indexOf('@') + 1);
      const data = { service: project, digest, outcome: 'rolled back' };
      await reportResult({ data, text: '' }, options, context.root);
      throw error;
    });
    return { data: deployed, text: describe(deployed) };
  });
}

function describe({ service, version, digest, outcome }: DeployedImage): string {
  const states = {
    deployed: 'runs and is healthy',
    unchanged: 'runs already; nothing was changed',
    planned: 'would be deployed; nothing was changed',
  };
  return `${service}: ${version} ${states[outcome]} (${digest})\n`;
}
