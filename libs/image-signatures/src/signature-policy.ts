import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { toTrustMaterial, type TrustMaterial, Verifier } from '@sigstore/verify';
import { type ImageSigner } from '@typerush/image-registry';
import { PipelineError } from '@typerush/pipeline-context';

type SignedEntity = Parameters<Verifier['verify']>[0];

/** A signer of `registry.json`, with its key or its trusted root. */
export interface TrustedSigner {
  /** For people: the file of the key, or identity and issuer. */
  readonly name: string;
  /** @throws Error if the signature is not one of this signer */
  verify(entity: SignedEntity): void;
}

/** @throws PipelineError `SIGNER_INVALID` */
export async function readSigners(
  signers: readonly ImageSigner[],
  workspaceRoot: string,
): Promise<readonly TrustedSigner[]> {
  return Promise.all(
    signers.map(({ key, identity = '', issuer = '', trustedRoot = '' }) =>
      key === undefined
        ? keylessSigner(identity, issuer, path.join(workspaceRoot, trustedRoot))
        : keySigner(key, path.join(workspaceRoot, key)),
    ),
  );
}

/** Trusts one key. Its signatures are in no log, and so have no time that a third party states. */
async function keySigner(name: string, file: string): Promise<TrustedSigner> {
  const publicKey = parseKey(file, await read(file));
  const trust: TrustMaterial = {
    certificateAuthorities: [],
    timestampAuthorities: [],
    tlogs: [],
    ctlogs: [],
    publicKey: () => ({ publicKey, validFor: () => true }),
  };
  const options = { ctlogThreshold: 0, tlogThreshold: 0, timestampThreshold: 0 };
  const verifier = new Verifier(trust, options);
  return { name: `key ${name}`, verify: (entity) => void verifier.verify(entity) };
}

/**
 * Trusts certificates of one identity, which a trusted authority issued, with proofs that the certificate and the signature are in
 * a public log.
 */
async function keylessSigner(
  identity: string,
  issuer: string,
  file: string,
): Promise<TrustedSigner> {
  const verifier = new Verifier(parseTrustedRoot(file, await read(file)));
  // The library reads the identity as a pattern.
  const exactly = `^${identity.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')}$`;
  const policy = { subjectAlternativeName: exactly, extensions: { issuer } };
  return {
    name: `${identity} of ${issuer}`,
    verify: (entity) => {
      if (entity.key.$case !== 'certificate') throw new Error('it has no certificate');
      verifier.verify(entity, policy);
    },
  };
}

async function read(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw invalid(file, `it cannot be read (${cause.code ?? 'unknown'})`, cause);
  });
}

function parseKey(file: string, pem: string): KeyObject {
  if (pem.includes('PRIVATE KEY')) throw invalid(file, 'it contains a private key');
  try {
    return createPublicKey(pem);
  } catch (cause) {
    throw invalid(file, 'it is not a public key in PEM', cause);
  }
}

function parseTrustedRoot(file: string, text: string): TrustMaterial {
  try {
    const trust = toTrustMaterial(TrustedRoot.fromJSON(JSON.parse(text)));
    const lists = [trust.certificateAuthorities, trust.tlogs, trust.ctlogs];
    if (lists.some((list) => list.length === 0)) throw new Error('a list is empty');
    return trust;
  } catch (cause) {
    throw invalid(file, 'it is not a trusted root of Sigstore with authorities and logs', cause);
  }
}

const invalid = (file: string, problem: string, cause?: unknown) =>
  new PipelineError(
    'SIGNER_INVALID',
    `Cannot verify signatures with ${file}: ${problem}.\n` +
      'Fix: correct the file, or "signers" in registry.json.',
    { cause },
  );
