import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type BuiltImage } from '../../built-image';
import { lastLines, type CommandResult } from '../../command';
import { PipelineError } from '../../pipeline-error';
import { type BuildPlan, type Narrator } from '../image-engine';
import { type Docker } from './docker';
import { type DockerBase, provideBase } from './docker-base';
import { inspectImage, type InspectedImage } from './inspect-image';

/** What npm says when it finds no way to its registry. */
const offline = /EAI_AGAIN|ENOTFOUND|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH/;

/** `docker build` of the whole Dockerfile, the install step included. */
export async function buildWithDocker(
  docker: Docker,
  plan: BuildPlan,
  narrator: Narrator,
): Promise<BuiltImage> {
  const base = await provideBase(docker, plan, narrator);
  const name = `${plan.repository}:build`;
  const build = (...network: string[]) =>
    docker.run([...buildArguments(plan, base, name), ...network, '.'], {
      cwd: plan.workspaceRoot,
      env: {
        DOCKER_BUILDKIT: '1',
        BUILDKIT_PROGRESS: 'plain',
        // An attestation holds the time of the build, and would change the digest of unchanged content.
        BUILDX_NO_DEFAULT_ATTESTATIONS: '1',
      },
      onLine: (line) => narrator.progress(line),
    });
  let result = await build();
  if (result.code !== 0 && offline.test(result.stderr)) {
    narrator.note("The build had no network: trying again on the host's own (--network=host).");
    result = await build('--network=host');
  }
  if (result.code !== 0) throw await buildFailure(result, plan);
  const image = await inspectImage(docker, name);
  if (!image) {
    throw new PipelineError(
      'DOCKER_BUILD_FAILED',
      `docker has built ${name} but does not hold it. A buildx builder of its own does that: run \`docker buildx use default\`.`,
    );
  }
  return describeImage(plan, name, image, base);
}

/** The end of the output tells which step failed; why, often only the whole of it does. */
async function buildFailure(result: CommandResult, plan: BuildPlan): Promise<PipelineError> {
  const log = path.join(plan.outDir, 'docker-build.log');
  await mkdir(plan.outDir, { recursive: true });
  await writeFile(log, `${result.stdout}${result.stderr}`);
  return new PipelineError(
    'DOCKER_BUILD_FAILED',
    `docker build failed. Its whole output is in ${path.relative(plan.workspaceRoot, log)}; it ends with:\n` +
      lastLines(result, 20).replace(/^/gm, '  '),
  );
}

function buildArguments(plan: BuildPlan, base: DockerBase, name: string): string[] {
  const args = { ...plan.args, NODE_IMAGE: base.nodeImage };
  return [
    'build',
    '--file',
    plan.dockerfile,
    ...Object.entries(args).flatMap(([key, value]) => ['--build-arg', `${key}=${value}`]),
    ...plan.platforms.flatMap((platform) => ['--platform', platform]),
    '--tag',
    name,
  ];
}

function describeImage(
  plan: BuildPlan,
  name: string,
  image: InspectedImage,
  base: DockerBase,
): BuiltImage {
  return {
    service: plan.service,
    repository: plan.repository,
    engine: 'docker',
    location: name,
    digest: null,
    platforms: [
      {
        platform: image.platform,
        digest: null,
        configDigest: image.id,
        layers: image.diffIds.map((diffId, index) => ({
          digest: null,
          diffId,
          size: null,
          fromBase: index < base.image.diffIds.length,
        })),
      },
    ],
    base: { reference: base.reference, digest: base.image.digest, standIn: base.standIn },
    tags: [],
  };
}
