import { type Commit, type Environment } from '@typerush/image-registry';
import { type Digest } from '@typerush/oci';
import { type BuiltImage, type CiRun } from '@typerush/pipeline-context';
import { digestSet, type ResourceDescriptor, type Statement } from './in-toto';

export const provenanceType = 'https://slsa.dev/provenance/v1';

/** What `externalParameters` mean: the README's section on provenance. */
const buildType = 'https://github.com/typerush/typerush/tree/main/tools/nx-ecr#provenance';
/** Who says so where no CI system does: a person at a machine. */
const localBuilder = 'https://github.com/typerush/typerush/tree/main/tools/nx-ecr#local';

/** The program that builds and pushes. */
export interface Tool {
  readonly name: string;
  readonly version: string;
}

export interface ProvenanceFacts {
  readonly tool: Tool;
  readonly image: BuiltImage;
  readonly environment: Environment;
  /** Relative to the workspace root. */
  readonly dockerfile: string;
  readonly args: Readonly<Record<string, string>>;
  readonly commit: Commit;
  /** The address of the source repository. */
  readonly source?: string;
  /** The lock file of the package manager. */
  readonly lockFile?: { readonly name: string; readonly digest: Digest };
  readonly run?: CiRun;
  readonly startedOn: Date;
  readonly finishedOn: Date;
}

/** How an image came about; https://slsa.dev/spec/v1.0/provenance */
export function provenance(facts: ProvenanceFacts): Statement {
  const { image, environment, dockerfile, args, commit, run, tool } = facts;
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
        resolvedDependencies: dependencies(facts),
      },
      runDetails: {
        builder: {
          id: run?.builderId ?? localBuilder,
          version: { [tool.name]: tool.version, node: process.versions.node },
        },
        metadata: {
          ...(run ? { invocationId: run.invocationId } : {}),
          startedOn: seconds(facts.startedOn),
          finishedOn: seconds(facts.finishedOn),
        },
      },
    },
  };
}

function dependencies({ image, commit, source, lockFile }: ProvenanceFacts): ResourceDescriptor[] {
  const { base } = image;
  return [
    {
      ...(source ? { uri: source.startsWith('http') ? `git+${source}` : source } : {}),
      digest: { gitCommit: commit.sha },
    },
    {
      ...(base.standIn ? { name: `stand-in for ${base.reference}` } : { uri: base.reference }),
      ...(base.digest ? { digest: digestSet(base.digest) } : {}),
    },
    ...(lockFile ? [{ name: lockFile.name, digest: digestSet(lockFile.digest) }] : []),
  ];
}

/** RFC 3339, to the second. */
const seconds = (time: Date) => time.toISOString().replace(/\.\d+Z$/, 'Z');
