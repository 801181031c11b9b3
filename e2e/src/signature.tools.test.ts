import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';
import { LocalRegistry } from './support/local-registry';
import { run } from './support/run';
import { WorkspaceCopy } from './support/workspace-copy';

const pem = { type: 'pkcs8', format: 'pem' } as const;
const publicPem = { type: 'spki', format: 'pem' } as const;

/** The kinds of keys that a push signs with. */
const kinds = {
  'P-256': () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  Ed25519: () => generateKeyPairSync('ed25519'),
};

describe('cosign', () => {
  let workspace: WorkspaceCopy;
  let registry: LocalRegistry;
  let folder: string;

  beforeAll(async () => {
    workspace = await WorkspaceCopy.create();
    registry = await LocalRegistry.start(workspace);
    folder = await mkdtemp(join(tmpdir(), 'cosign-'));
    await logIn();
    // Only keys: there is no network, and so no public instance to trust.
    await cosign('trusted-root', 'create', '--out', join(folder, 'root.json'));
  });
  afterAll(async () => {
    if (folder) await rm(folder, { recursive: true });
    await registry?.stop();
    await workspace?.remove();
  });

  const cosign = (...args: string[]) =>
    run('cosign', args, { env: { HOME: folder, DOCKER_CONFIG: folder } });

  const logIn = async () => {
    const { authorizationData } = await registry.ecr.send(new GetAuthorizationTokenCommand({}));
    const auth = authorizationData?.[0]?.authorizationToken;
    const auths = { [`127.0.0.1:${registry.port}`]: { auth } };
    await writeFile(join(folder, 'config.json'), JSON.stringify({ auths }), { mode: 0o600 });
  };

  const verify = async (publicKey: string) => {
    const key = join(folder, 'key.pub');
    await writeFile(key, publicKey);
    const text = await readFile(workspace.path('dist/images/game-service/push.json'), 'utf8');
    const { imageUri } = JSON.parse(text) as { imageUri: string };
    const trust = ['--trusted-root', join(folder, 'root.json'), '--insecure-ignore-tlog'];
    const what = ['--new-bundle-format', '--type', 'slsaprovenance1', '--key', key];
    return cosign('verify-attestation', ...trust, ...what, imageUri);
  };

  it.each(Object.entries(kinds))(
    'verifies a signature that a push made with a key of %s',
    async (_, make) => {
      const { privateKey, publicKey } = make();
      const secret = privateKey.export(pem).toString();
      const args = ['run', 'game-service:docker-push:local', '--engine=oci', '--provision'];
      const output = await workspace.nxOk(args, { ...registry.env, IMAGE_SIGNING_KEY: secret });
      expect(output).toMatch(/attached.*signature/);

      const verified = await verify(publicKey.export(publicPem).toString());
      expect(verified).toMatchObject({ code: 0 });
      const [line = ''] = verified.stdout.split('\n');
      const { payload } = JSON.parse(line) as { payload: string };
      const statement: unknown = JSON.parse(Buffer.from(payload, 'base64').toString());
      const commit = (await workspace.git('rev-parse', 'HEAD')).trim();
      expect(JSON.stringify(statement)).toContain(`"gitCommit":"${commit}"`);

      const another = make().publicKey.export(publicPem).toString();
      expect((await verify(another)).code).not.toBe(0);
    },
  );

  it('leaves no trace of the key in output and files', async () => {
    const { privateKey } = kinds['P-256']();
    const file = join(folder, 'private.pem');
    await writeFile(file, privateKey.export(pem), { mode: 0o600 });
    const args = ['run', 'game-service:docker-push:local', '--engine=oci'];
    const output = await workspace.nxOk(args, { ...registry.env, IMAGE_SIGNING_KEY: file });
    const [, part = ''] = privateKey.export(pem).toString().split('\n');
    expect(output).not.toContain(part);
    const left = await run('grep', [
      '-rl',
      '--',
      part,
      workspace.path('dist'),
      workspace.path('.nx'),
    ]);
    expect(left.stdout).toBe('');
  });
});
