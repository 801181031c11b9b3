import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { ServiceError } from '@typerush/service-kit';

export interface TlsFiles {
  readonly certificate: string | undefined;
  readonly key: string | undefined;
}

/** A certificate with its key, both in PEM. */
export interface TlsCredentials {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/**
 * The certificate to serve HTTPS with; undefined without one.
 *
 * @throws ServiceError TLS_INVALID if one of the files is missing or invalid, or the key is that of another certificate
 */
export async function readTlsFiles({
  certificate,
  key,
}: TlsFiles): Promise<TlsCredentials | undefined> {
  if (certificate === undefined && key === undefined) return undefined;
  if (certificate === undefined || key === undefined) {
    throw invalid(
      'a certificate needs its private key, and a key its certificate.\n' +
        'Fix: set both --tls-cert (ECR_LOCAL_TLS_CERT) and --tls-key (ECR_LOCAL_TLS_KEY), or neither',
    );
  }
  const credentials = { cert: await read(certificate), key: await read(key) };
  const parsed = parse(certificate, () => new X509Certificate(credentials.cert), 'certificate');
  const privateKey = parse(key, () => createPrivateKey(credentials.key), 'private key');
  if (!parsed.checkPrivateKey(privateKey)) {
    throw invalid(`${key} is not the private key of the certificate in ${certificate}`);
  }
  return credentials;
}

const invalid = (problem: string, cause?: unknown) =>
  new ServiceError('TLS_INVALID', `Cannot serve HTTPS: ${problem}.`, { cause });

async function read(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw invalid(`${file} cannot be read (${(error as NodeJS.ErrnoException).code})`, error);
  }
}

function parse<T>(file: string, parser: () => T, kind: string): T {
  try {
    return parser();
  } catch (error) {
    // The parser's message may quote the file.
    throw invalid(
      `${file} does not contain a ${kind} in PEM that can be used without a passphrase`,
      error,
    );
  }
}
