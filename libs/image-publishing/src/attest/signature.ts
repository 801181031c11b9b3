import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { bundleToJSON, toDSSEBundle } from '@sigstore/bundle';
import { dsse } from '@sigstore/core';
import { PipelineError } from '@typerush/pipeline-context';
import { inTotoMediaType } from './provenance';

export const bundleMediaType = 'application/vnd.dev.sigstore.bundle.v0.3+json';

/** Distinguishes keys: base64 of the SHA-256 of the public key, the form of Sigstore. */
export function keyHint(key: KeyObject): string {
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(publicKey).digest('base64');
}

/** A Sigstore bundle: the statement in a signed envelope (DSSE), without an entry in a public log. */
export function signStatement(statement: Buffer, key: KeyObject): Buffer {
  const signed = dsse.preAuthEncoding(inTotoMediaType, statement);
  const algorithm = key.asymmetricKeyType === 'ed25519' ? null : 'sha256';
  const bundle = toDSSEBundle({
    artifact: statement,
    artifactType: inTotoMediaType,
    signature: sign(algorithm, signed, key),
    keyHint: keyHint(key),
  });
  // cosign ignores signatures that name a key.
  for (const signature of bundle.content.dsseEnvelope.signatures) signature.keyid = '';
  return Buffer.from(JSON.stringify(bundleToJSON(bundle)));
}

/**
 * The key of IMAGE_SIGNING_KEY. No message shows any of it.
 * @param value PEM, or the path of a PEM file.
 * @throws PipelineError `SIGNING_KEY_INVALID`
 */
export async function readSigningKey(value: string): Promise<KeyObject> {
  const pem = value.includes('-----BEGIN') ? value.replaceAll('\\n', '\n') : await readPem(value);
  if (/BEGIN ENCRYPTED/.test(pem)) throw invalidKey('the key is encrypted');
  const key = parseKey(pem);
  const { asymmetricKeyType: type, asymmetricKeyDetails } = key;
  const curve = asymmetricKeyDetails?.namedCurve ?? '';
  // The kinds that cosign verifies with SHA-256, without options.
  if ((type === 'ec' && curve === 'prime256v1') || type === 'ed25519') return key;
  throw invalidKey(`its type is ${`${type} ${curve}`.trim()}`);
}

async function readPem(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw invalidKey(`the file cannot be read (${error.code ?? 'unknown'})`);
  });
}

function parseKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    // Its cause could quote the key.
    throw invalidKey('it does not contain a private key');
  }
}

const invalidKey = (problem: string) =>
  new PipelineError(
    'SIGNING_KEY_INVALID',
    `Cannot sign with IMAGE_SIGNING_KEY: ${problem}.\n` +
      'Fix: set it to the PEM of a private key, or to the path of such a file: an EC key on P-256 or an Ed25519 key,\n' +
      '     PKCS #8, without a passphrase (openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256).',
  );
