import path from 'node:path';
import { sbomMediaType } from '@typerush/image-comparison';
import { type ImageConfig, OciLayout } from '@typerush/oci';
import { type BuiltImage, type ServiceImage, type Source } from '@typerush/pipeline-context';
import { type Bundle } from '@typerush/service-bundle';
import { type Attachment } from './attachment';
import { inTotoMediaType, provenance, type ProvenanceContext, provenanceType } from './provenance';

interface AttestationContext extends ProvenanceContext {
  /** undefined if the build recorded none: then there is no SBOM. */
  readonly bundle?: Bundle;
}

/**
 * SBOM, provenance and, with a signing key, the signed provenance of an image. Each is created once, however many registries it
 * is attached to.
 * @throws PipelineError `SIGNING_KEY_INVALID`
 */
export async function imageAttachments(
  context: AttestationContext,
  image: BuiltImage,
  { commit }: Source,
): Promise<readonly Attachment[]> {
  const { service, machine, bundle } = context;
  const startedOn = context.now();
  const statement = once(async () =>
    Buffer.from(JSON.stringify(await provenance(context, image, commit, startedOn))),
  );
  return [
    ...(bundle
      ? [
          {
            kind: 'sbom' as const,
            artifactType: sbomMediaType,
            content: once(() => sbomOf(service, image, bundle)),
          },
        ]
      : []),
    {
      kind: 'provenance',
      artifactType: inTotoMediaType,
      annotations: { 'in-toto.io/predicate-type': provenanceType },
      content: statement,
    },
    ...(machine.signingKey === undefined ? [] : [await signature(machine.signingKey, statement)]),
  ];
}

async function sbomOf(
  { project, version, outDir }: ServiceImage,
  image: BuiltImage,
  bundle: Bundle,
): Promise<Buffer> {
  // Loaded only if an SBOM is created: most pushes find it attached.
  const { createSbom } = await import('./sbom');
  const nodeVersion = await nodeVersionOf(image, outDir);
  return Buffer.from(createSbom({ service: project, version, image, bundle, nodeVersion }));
}

/** From the variable that the official images of Node set. */
async function nodeVersionOf({ platforms, layout }: BuiltImage, outDir: string) {
  const [first] = platforms;
  if (!first) return undefined;
  const blobs = await OciLayout.open(path.join(outDir, layout));
  const { config } = JSON.parse((await blobs.read(first.configDigest)).toString()) as ImageConfig;
  const variable = config?.Env?.find((pair) => pair.startsWith('NODE_VERSION='));
  return variable?.slice('NODE_VERSION='.length);
}

/** With the annotations by which cosign finds it: https://github.com/sigstore/cosign/blob/main/specs/BUNDLE_SPEC.md */
async function signature(
  signingKey: string,
  statement: () => Promise<Buffer>,
): Promise<Attachment> {
  // Loaded only if there is something to sign: most pushes sign nothing.
  const { bundleMediaType, keyHint, readSigningKey, signStatement } = await import('./signature');
  const key = await readSigningKey(signingKey);
  return {
    kind: 'signature',
    artifactType: bundleMediaType,
    annotations: {
      'dev.sigstore.bundle.content': 'dsse-envelope',
      'dev.sigstore.bundle.predicateType': provenanceType,
      // The signature of another key is another attachment.
      'io.typerush.signing-key': keyHint(key),
    },
    content: once(async () => signStatement(await statement(), key)),
  };
}

function once<T>(create: () => Promise<T>): () => Promise<T> {
  let created: Promise<T> | undefined;
  return () => (created ??= create());
}
