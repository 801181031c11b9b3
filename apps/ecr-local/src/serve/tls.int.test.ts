import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateRepositoryCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
} from '@aws-sdk/client-ecr';
import { selfSignedCertificate } from '../test/self-signed-certificate';
import { startServerProcess } from '../test/server-process';
import { readTlsFiles } from './tls-files';

let folder: string;
const own = selfSignedCertificate();
const other = selfSignedCertificate();
const files = { certificate: '', key: '' };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tls-'));
  const write = async (name: string, text: string) => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };
  files.certificate = await write('cert.pem', own.cert);
  files.key = await write('key.pem', own.key);
  await write('other.pem', other.key);
});
afterAll(() => rm(folder, { recursive: true }));

describe('readTlsFiles', () => {
  it('reads a certificate with its key', async () => {
    expect(await readTlsFiles(files)).toEqual({
      cert: Buffer.from(own.cert),
      key: Buffer.from(own.key),
    });
  });

  it('has nothing without files', async () => {
    expect(await readTlsFiles({ certificate: undefined, key: undefined })).toBeUndefined();
  });

  it.each<[string, () => Parameters<typeof readTlsFiles>[0], string]>([
    [
      'no key',
      () => ({ ...files, key: undefined }),
      'Cannot serve HTTPS: a certificate needs its private key',
    ],
    [
      'a file that does not exist',
      () => ({ ...files, key: '/nowhere.pem' }),
      '/nowhere.pem cannot be read (ENOENT)',
    ],
    [
      'a key as certificate',
      () => ({ ...files, certificate: files.key }),
      'does not contain a certificate in PEM',
    ],
    [
      'a certificate as key',
      () => ({ ...files, key: files.certificate }),
      'does not contain a private key in PEM',
    ],
    [
      'the key of another certificate',
      () => ({ ...files, key: join(folder, 'other.pem') }),
      'other.pem is not the private key of the certificate',
    ],
  ])('rejects %s, and quotes no file', async (_case, chosen, message) => {
    const read = readTlsFiles(chosen());
    await expect(read).rejects.toMatchObject({ code: 'TLS_INVALID' });
    await expect(read).rejects.toThrow(message);
    await expect(read).rejects.not.toThrow('PRIVATE KEY-');
  });
});

describe('ecr-local with a certificate', () => {
  it('serves HTTPS, and its addresses say so', async () => {
    const server = await startServerProcess(join(folder, 'data'), {
      variables: { ECR_LOCAL_TLS_CERT: files.certificate, ECR_LOCAL_TLS_KEY: files.key },
    });
    expect(server.url).toMatch(/^https:\/\/127\.0\.0\.1:/);
    const client = new ECRClient({
      endpoint: server.url,
      region: 'ap-southeast-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      requestHandler: { httpsAgent: { ca: own.cert } },
    });
    await client.send(new CreateRepositoryCommand({ repositoryName: 'app' }));
    const { authorizationData } = await client.send(new GetAuthorizationTokenCommand());
    client.destroy();
    expect(authorizationData?.[0]?.proxyEndpoint).toBe(server.url);
    const challenge = await new Promise<string | undefined>((resolve, reject) => {
      request(`${server.url}/v2/`, { ca: own.cert, agent: false }, (response) => {
        response.resume();
        resolve(response.headers['www-authenticate']);
      })
        .once('error', reject)
        .end();
    });
    expect(challenge).toBe(`Basic realm="${server.url}/",service="ecr.amazonaws.com"`);
    await server.kill();
  });
});
