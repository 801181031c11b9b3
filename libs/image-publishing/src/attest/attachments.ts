import { type KeyObject } from 'node:crypto';
import { type Attachment } from './attach';
import { inTotoMediaType, type Statement } from './in-toto';
import { provenanceType } from './provenance';

export const sbomMediaType = 'application/vnd.cyclonedx+json';

interface Attesting {
  /** undefined where the bundle does not tell what it is made of. */
  readonly sbom?: () => Promise<Buffer>;
  readonly provenance: () => Promise<Statement>;
  readonly signingKey?: KeyObject;
}

/**
 * What is attached to an image: what is in it, how it came about, and where there is a key the latter once more, signed. Each is
 * made once, whatever it is attached to.
 */
export async function attachmentsOf(attesting: Attesting): Promise<readonly Attachment[]> {
  const { sbom, provenance, signingKey } = attesting;
  const statement = once(async () => Buffer.from(JSON.stringify(await provenance())));
  return [
    ...(sbom ? [{ kind: 'sbom' as const, artifactType: sbomMediaType, content: once(sbom) }] : []),
    {
      kind: 'provenance',
      artifactType: inTotoMediaType,
      annotations: { 'in-toto.io/predicate-type': provenanceType },
      content: statement,
    },
    ...(signingKey ? [await signature(signingKey, statement)] : []),
  ];
}

/** Found by cosign: https://github.com/sigstore/cosign/blob/main/specs/BUNDLE_SPEC.md */
async function signature(key: KeyObject, statement: () => Promise<Buffer>): Promise<Attachment> {
  // Loaded where there is something to sign: most pushes sign nothing.
  const { bundleMediaType, keyHint, signStatement } = await import('./sign-statement');
  return {
    kind: 'signature',
    artifactType: bundleMediaType,
    annotations: {
      'dev.sigstore.bundle.content': 'dsse-envelope',
      'dev.sigstore.bundle.predicateType': provenanceType,
      // Another key signs anew.
      'io.typerush.signing-key': keyHint(key),
    },
    content: once(async () => signStatement(await statement(), key)),
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
