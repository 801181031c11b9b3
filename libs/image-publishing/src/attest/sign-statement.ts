import { createHash, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { bundleToJSON, toDSSEBundle } from '@sigstore/bundle';
import { dsse } from '@sigstore/core';
import { inTotoMediaType } from './in-toto';

export const bundleMediaType = 'application/vnd.dev.sigstore.bundle.v0.3+json';

/** Tells keys apart: base64 of the SHA-256 of the public key, as Sigstore names one. */
export function keyHint(key: KeyObject): string {
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(publicKey).digest('base64');
}

/** A Sigstore bundle: the statement in an envelope (DSSE) that is signed with the key, and nothing in a public log. */
export function signStatement(statement: Buffer, key: KeyObject): Buffer {
  const signed = dsse.preAuthEncoding(inTotoMediaType, statement);
  const algorithm = key.asymmetricKeyType === 'ed25519' ? null : 'sha256';
  const bundle = toDSSEBundle({
    artifact: statement,
    artifactType: inTotoMediaType,
    signature: sign(algorithm, signed, key),
    keyHint: keyHint(key),
  });
  // cosign knows a key by itself, not by a name: it passes over a signature that bears one.
  for (const signature of bundle.content.dsseEnvelope.signatures) signature.keyid = '';
  return Buffer.from(JSON.stringify(bundleToJSON(bundle)));
}
