import { bundleFromJSON, isBundleWithDsseEnvelope } from '@sigstore/bundle';
import { toSignedEntity } from '@sigstore/verify';
import {
  type ContentSource,
  type Digest,
  OciError,
  readContent,
  readNode,
  shortDigest,
} from '@typerush/oci';
import { PipelineError } from '@typerush/pipeline-context';
import { type TrustedSigner } from './signature-policy';
import { parseStatement, type Statement } from './statement';

/** An image in a store, with its referrers. */
export interface SignedImage {
  /** For people. */
  readonly name: string;
  readonly source: ContentSource;
  /** Of the index, or of the manifest of a single platform. */
  readonly digest: Digest;
}

export interface VerifiedSignature {
  /** The signer that it is of. */
  readonly signer: string;
  /** Of the referrer with the signature. */
  readonly referrer: Digest;
  readonly predicateType: string;
}

/** Sigstore bundles of every version: https://github.com/sigstore/cosign/blob/main/specs/BUNDLE_SPEC.md */
const bundleType = /^application\/vnd\.dev\.sigstore\.bundle/;
const inTotoType = 'application/vnd.in-toto+json';
const maxBundles = 50;
const maxBytes = 4 * 1024 * 1024;

/**
 * Verifies that one of the signers has signed an image. Neither a signature of another image nor one of another signer counts,
 * wherever it is attached.
 * @throws PipelineError `SIGNATURE_MISSING`, `SIGNATURE_INVALID`; OciError if the registry cannot be read
 */
export async function verifySignature(
  image: SignedImage,
  signers: readonly TrustedSigner[],
): Promise<VerifiedSignature> {
  const referrers = (await image.source.referrers(image.digest)).filter(({ artifactType }) =>
    bundleType.test(artifactType ?? ''),
  );
  if (referrers.length === 0) throw missing(image, signers);
  const reasons: string[] = [];
  for (const referrer of referrers.slice(0, maxBundles)) {
    const { digest } = referrer;
    try {
      const bytes = await readBundle(image.source, referrer);
      const { signer, statement } = verifyBundle(bytes, image.digest, signers);
      return { signer, referrer: digest, predicateType: statement.predicateType };
    } catch (error) {
      if (error instanceof OciError && !damaged.has(error.code)) throw error;
      reasons.push(`${shortDigest(digest)}: ${(error as Error).message.replace(/\.$/, '')}`);
    }
  }
  const unread = referrers.length - maxBundles;
  if (unread > 0) reasons.push(`${unread} more were not read: an image may have ${maxBundles}`);
  throw invalid(image, signers, reasons);
}

/** The codes of content that was stored damaged; any other is a failure of the store. */
const damaged = new Set(['DIGEST_MISMATCH', 'MANIFEST_INVALID', 'BLOB_MISSING']);

async function readBundle(source: ContentSource, referrer: Parameters<typeof readNode>[1]) {
  const [layer, ...more] = (await readNode(source, referrer)).content.layers ?? [];
  if (!layer || more.length > 0) throw new Error('it is damaged: it has not exactly one bundle');
  if (layer.size > maxBytes) throw new Error(`it is larger than ${maxBytes} bytes`);
  return readContent(await source.fetch(layer));
}

/** @throws Error that states why the bundle does not count */
function verifyBundle(bytes: Buffer, image: Digest, signers: readonly TrustedSigner[]) {
  const { entity, payload } = parseBundle(bytes);
  const failures: string[] = [];
  const signer = signers.find((one) => {
    try {
      one.verify(entity);
      return true;
    } catch (error) {
      failures.push(`${one.name}: ${(error as Error).message}`);
      return false;
    }
  });
  if (!signer) throw new Error(`it is not of a trusted signer (${failures.join('; ')})`);
  // Only after the signature: the content of others is not interpreted.
  const statement = parseStatement(payload);
  if (!isAbout(statement, image)) throw new Error('it is the signature of another image');
  return { signer: signer.name, statement };
}

function parseBundle(bytes: Buffer) {
  try {
    const bundle = bundleFromJSON(JSON.parse(bytes.toString()));
    if (!isBundleWithDsseEnvelope(bundle)) throw new Error('it signs no statement');
    const { payload, payloadType } = bundle.content.dsseEnvelope;
    if (payloadType !== inTotoType) throw new Error(`it signs ${payloadType}`);
    return { entity: toSignedEntity(bundle), payload };
  } catch (error) {
    throw new Error(`it is damaged: ${(error as Error).message.split('\n')[0]}`, { cause: error });
  }
}

const isAbout = ({ subject }: Statement, image: Digest) =>
  subject.some(({ digest }) => `sha256:${digest['sha256']}` === image);

const listOf = (signers: readonly TrustedSigner[]) => signers.map(({ name }) => name).join(', ');

const missing = ({ name, digest }: SignedImage, signers: readonly TrustedSigner[]) =>
  new PipelineError(
    'SIGNATURE_MISSING',
    `${name} (${digest}) is not signed. registry.json requires a signature of ${listOf(signers)}.\n` +
      'Fix: push it again with the key (IMAGE_SIGNING_KEY), or sign it with cosign.',
  );

const invalid = (
  { name, digest }: SignedImage,
  signers: readonly TrustedSigner[],
  reasons: readonly string[],
) =>
  new PipelineError(
    'SIGNATURE_INVALID',
    `${name} (${digest}) has no valid signature of ${listOf(signers)}.\n` +
      `${reasons.map((reason) => `  ${reason}`).join('\n')}\n` +
      'Fix: do not deploy it before you know who pushed it; sign a build that you trust.',
  );
