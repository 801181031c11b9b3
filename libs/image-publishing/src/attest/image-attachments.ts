import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Environment } from '@typerush/image-registry';
import { digestOf, type ImageConfig, OciLayout } from '@typerush/oci';
import { buildArguments } from '@typerush/image-build';
import {
  type BuiltImage,
  type Source,
  type PipelineEnvironment,
  type ServiceImage,
} from '@typerush/pipeline-context';
import { type Bundle } from '@typerush/service-bundle';
import { type Attachment } from './attach';
import { attachmentsOf } from './attachments';
import { type Statement } from './in-toto';
import { provenance, type Tool } from './provenance';
import { readSigningKey } from './signing-key';

interface Attested {
  readonly service: ServiceImage;
  readonly environment: Environment;
  /** Relative to the workspace root. */
  readonly dockerfile: string;
  readonly machine: PipelineEnvironment;
  readonly tool: Tool;
  readonly now: () => Date;
  /** What the image holds; undefined where the build does not tell. */
  readonly bundle?: Bundle;
}

/** What stands beside a service's image, out of the workspace's files and what CI says. @throws PipelineError `SIGNING_KEY_INVALID` */
export async function imageAttachments(
  attested: Attested,
  image: BuiltImage,
  source: Source,
): Promise<readonly Attachment[]> {
  const { machine, bundle, service } = attested;
  const { signingKey } = machine;
  const startedOn = attested.now();
  return attachmentsOf({
    sbom: bundle && (() => sbomOf(service, image, bundle)),
    provenance: () => provenanceOf(attested, image, source, startedOn),
    signingKey: signingKey === undefined ? undefined : await readSigningKey(signingKey),
  });
}

async function sbomOf(
  { project, version, outDir }: ServiceImage,
  image: BuiltImage,
  bundle: Bundle,
): Promise<Buffer> {
  // Loaded where there is an SBOM to make: most pushes find it attached.
  const { createSbom } = await import('../sbom/create-sbom');
  const nodeVersion = await nodeVersionOf(image, outDir);
  return Buffer.from(createSbom({ service: project, version, image, bundle, nodeVersion }));
}

/** As the official images of Node tell it. */
async function nodeVersionOf({ platforms, layout }: BuiltImage, outDir: string) {
  const [first] = platforms;
  if (!first) return undefined;
  const blobs = await OciLayout.open(path.join(outDir, layout));
  const { config } = JSON.parse((await blobs.read(first.configDigest)).toString()) as ImageConfig;
  const variable = config?.Env?.find((pair) => pair.startsWith('NODE_VERSION='));
  return variable?.slice('NODE_VERSION='.length);
}

async function provenanceOf(
  { service, environment, dockerfile, machine, tool, now }: Attested,
  image: BuiltImage,
  { commit }: Source,
  startedOn: Date,
): Promise<Statement> {
  return provenance({
    tool,
    image,
    environment,
    dockerfile,
    args: buildArguments(service),
    commit,
    source: service.source,
    lockFile: await lockFileOf(service.workspaceRoot),
    run: machine.ci.run,
    startedOn,
    finishedOn: now(),
  });
}

const lockFiles = ['package-lock.json', 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock'];

/** That of the package manager, which says what was installed. */
async function lockFileOf(root: string) {
  for (const name of lockFiles) {
    const bytes = await readFile(path.join(root, name)).catch(() => undefined);
    if (bytes) return { name, digest: digestOf(bytes) };
  }
  return undefined;
}
