import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { buildArguments } from '@typerush/image-build';
import { type Commit, type Environment } from '@typerush/image-registry';
import { type Digest, digestOf } from '@typerush/oci';
import {
  type BuiltImage,
  type PipelineEnvironment,
  type ServiceImage,
} from '@typerush/pipeline-context';

export const inTotoMediaType = 'application/vnd.in-toto+json';
export const provenanceType = 'https://slsa.dev/provenance/v1';

/** Documents `externalParameters`. */
const buildType = 'https://github.com/typerush/typerush/tree/main/tools/nx-ecr#provenance';
/** The builder if no CI system runs: a developer's machine. */
const localBuilder = 'https://github.com/typerush/typerush/tree/main/tools/nx-ecr#local';

/** The program that builds and pushes. */
export interface Tool {
  readonly name: string;
  readonly version: string;
}

export interface ProvenanceContext {
  readonly service: ServiceImage;
  readonly environment: Environment;
  /** Relative to the workspace root. */
  readonly dockerfile: string;
  readonly machine: PipelineEnvironment;
  readonly tool: Tool;
  readonly now: () => Date;
}

/**
 * How an image was built (https://slsa.dev/spec/v1.0/provenance), as an in-toto statement;
 * https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md
 */
export async function provenance(
  { service, environment, dockerfile, machine, tool, now }: ProvenanceContext,
  image: BuiltImage,
  commit: Commit,
  startedOn: Date,
): Promise<object> {
  const { run } = machine.ci;
  const args = buildArguments(service);
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: image.repository, digest: digestSet(image.digest) }],
    predicateType: provenanceType,
    predicate: {
      buildDefinition: {
        buildType,
        externalParameters: { project: image.service, environment, dockerfile, args },
        internalParameters: {
          engine: image.engine,
          platforms: image.platforms.map(({ platform }) => platform),
          ...(commit.dirty ? { uncommittedChanges: true } : {}),
        },
        resolvedDependencies: [
          sourceOf(service, commit),
          baseOf(image),
          ...(await lockFileOf(service.workspaceRoot)),
        ],
      },
      runDetails: {
        builder: {
          id: run?.builderId ?? localBuilder,
          version: { [tool.name]: tool.version, node: process.versions.node },
        },
        metadata: {
          ...(run ? { invocationId: run.invocationId } : {}),
          startedOn: seconds(startedOn),
          finishedOn: seconds(now()),
        },
      },
    },
  };
}

const sourceOf = ({ source }: ServiceImage, { sha }: Commit) => ({
  ...(source ? { uri: source.startsWith('http') ? `git+${source}` : source } : {}),
  digest: { gitCommit: sha },
});

const baseOf = ({ base }: BuiltImage) => ({
  ...(base.standIn ? { name: `stand-in for ${base.reference}` } : { uri: base.reference }),
  ...(base.digest ? { digest: digestSet(base.digest) } : {}),
});

/** That of the package manager, which lists what was installed; none if there is none. */
async function lockFileOf(root: string) {
  for (const name of ['package-lock.json', 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock']) {
    const bytes = await readFile(path.join(root, name)).catch(() => undefined);
    if (bytes) return [{ name, digest: digestSet(digestOf(bytes)) }];
  }
  return [];
}

const digestSet = (digest: Digest) => Object.fromEntries([digest.split(':')]);

/** RFC 3339, to the second. */
const seconds = (time: Date) => time.toISOString().replace(/\.\d+Z$/, 'Z');
