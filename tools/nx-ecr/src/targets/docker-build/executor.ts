import { type ExecutorContext } from '@nx/devkit';
import { hostArchitecture } from '@typerush/oci';
import { layersOfBase, buildService, loadImage, engines } from '@typerush/image-build';
import { reportProgressTo } from '@typerush/terminal-output';
import { readEnvironment, readServiceImage } from '@typerush/pipeline-context';
import { isNeededByAnother } from '../needed-by-another';
import { reportResult } from '../report-result';
import { runExecutor } from '../run-executor';
import { dockerBuildOptions, type DockerBuildOptions } from './options';

/** `nx run <project>:docker-build` */
export default function dockerBuild(given: DockerBuildOptions, context: ExecutorContext) {
  return runExecutor(dockerBuildOptions, given, context, async (options) => {
    const { variables } = readEnvironment(process.env);
    const image = await readServiceImage(context, options.environment);
    const report = await buildService(image, options, {
      engines: engines(variables),
      reporter: reportProgressTo(process.stderr),
      layersOfBase: (built) => layersOfBase(built, { ...image, variables }),
      load: (archive) => loadImage(archive, variables),
      hostPlatform: `linux/${hostArchitecture(process.arch)}`,
    });
    // The result of a run is that of the requested target.
    const isNeeded = isNeededByAnother(context);
    if (options.json && isNeeded) return;
    await reportResult(report, isNeeded ? { json: false } : options, context.root);
  });
}
