import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { PipelineError } from '@typerush/pipeline-context';

const remedy =
  'Set it to the PEM of a private key, or to the path of such a file: an EC key on P-256 or an Ed25519 key, PKCS #8, ' +
  'without a passphrase (openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256).';

/**
 * The key that IMAGE_SIGNING_KEY holds or names. No message shows any of it.
 * @throws PipelineError `SIGNING_KEY_INVALID`
 */
export async function readSigningKey(value: string): Promise<KeyObject> {
  const pem = value.includes('-----BEGIN') ? value.replaceAll('\\n', '\n') : await readPem(value);
  if (/BEGIN ENCRYPTED/.test(pem)) throw invalid('holds a key that is encrypted');
  const key = parse(pem);
  const { asymmetricKeyType, asymmetricKeyDetails } = key;
  // What cosign takes with SHA-256, whatever its options.
  const isP256 = asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === 'prime256v1';
  if (isP256 || asymmetricKeyType === 'ed25519') return key;
  const curve = asymmetricKeyDetails?.namedCurve ?? '';
  throw invalid(`holds a key of the kind ${`${asymmetricKeyType} ${curve}`.trim()}`);
}

async function readPem(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw invalid(`names a file that cannot be read (${error.code ?? 'unknown'})`);
  });
}

function parse(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    // Its cause could quote what was read.
    throw invalid('holds no private key');
  }
}

const invalid = (problem: string) =>
  new PipelineError('SIGNING_KEY_INVALID', `IMAGE_SIGNING_KEY ${problem}. ${remedy}`);
