import { type ExecutorContext } from '@nx/devkit';
import {
  PipelineError,
  readEnvironment,
  readServiceImage,
  runNx,
} from '@typerush/pipeline-context';
import { print } from '../report-result';
import { runExecutor } from '../run-executor';
import { nxReleasePublishOptions, type NxReleasePublishOptions } from './options';
import { planRelease } from './plan-release';

/** The last step of `nx release`, after the commit and its Git tag. */
export default function nxReleasePublish(given: NxReleasePublishOptions, context: ExecutorContext) {
  return runExecutor(nxReleasePublishOptions, given, context, async (options) => {
    const { project, version: current } = await readServiceImage(context, options.environment);
    const release = planRelease(project, current, options);
    if (!release) return print(`${project}: no new version, nothing to push\n`);
    const { version, environment } = release;
    // A dry run has not written the version: a dry run of the push would plan the tags of the old one.
    if (options.dryRun || process.env['NX_DRY_RUN'] === 'true') {
      return print(`${project}: would push v${version} to ${environment}\n`);
    }
    const { variables } = readEnvironment(process.env);
    const args = [
      'run',
      `${project}:docker-push`,
      `--configuration=${environment}`,
      '--tag=v{version}',
    ];
    const code = await runNx(args, context.root, variables, 1);
    if (code === 0) return print(`${project}: pushed v${version} to ${environment}\n`);
    throw new PipelineError(
      'RELEASE_NOT_PUSHED',
      `Cannot push the release ${version} of ${project}; see the output of docker-push above.\n` +
        'The version is committed and has its Git tag.\n' +
        `Fix: correct the cause, then run: nx release publish --projects=${project}`,
    );
  });
}
