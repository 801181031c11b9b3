import { type ExecutorContext } from '@nx/devkit';
import { hostArchitecture } from '@typerush/oci';
import { layersOfBase } from '../../base-lock/bases';
import { buildService, type BuildServiceOptions } from '../../build/build-service';
import { loadImage } from '../../build/load-image';
import { engines } from '../../engines/engines';
import { writeStdout } from '../../json-output/write-stdout';
import { narrateOn } from '../../narrator';
import { readEnvironment } from '../../pipeline-environment';
import { readServiceImage } from '../../service-image';
import { isNeededByAnother } from '../needed-by-another';
import { runExecutor } from '../run-executor';

export interface DockerBuildOptions extends BuildServiceOptions {
  readonly json: boolean;
}

/** `nx run <project>:docker-build` */
export default function dockerBuild(options: DockerBuildOptions, context: ExecutorContext) {
  return runExecutor(async () => {
    const { variables } = readEnvironment(process.env);
    const image = await readServiceImage(context, options.environment);
    const report = await buildService(image, options, {
      engines: engines(variables),
      narrator: narrateOn(process.stderr),
      layersOfBase: (built) => layersOfBase(built, variables),
      load: (archive) => loadImage(archive, variables),
      hostPlatform: `linux/${hostArchitecture(process.arch)}`,
    });
    // The JSON of a run is that of the target that was asked for.
    if (options.json && isNeededByAnother(context)) return;
    await writeStdout(options.json ? `${JSON.stringify(report.data)}\n` : report.text);
  });
}
