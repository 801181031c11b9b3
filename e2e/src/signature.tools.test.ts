import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BatchDeleteImageCommand, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';
import {
  attachArtifact,
  type Digest,
  readContent,
  readNode,
  RegistryClient,
  RemoteRepository,
} from '@typerush/oci';
import { InTotoSchema } from './support/in-toto-schema';
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

let workspace: WorkspaceCopy;
let registry: LocalRegistry;
let folder: string;
let schema: InTotoSchema;

beforeAll(async () => {
  workspace = await WorkspaceCopy.create();
  registry = await LocalRegistry.start(workspace);
  folder = await mkdtemp(join(tmpdir(), 'cosign-'));
  schema = await InTotoSchema.load();
  await logIn();
});
afterAll(async () => {
  await schema?.remove();
  if (folder) await rm(folder, { recursive: true });
  await registry?.stop();
  await workspace?.remove();
});

const cosign = (...args: string[]) =>
  run('cosign', args, {
    env: { HOME: folder, DOCKER_CONFIG: folder, COSIGN_PASSWORD: 'not secret' },
  });

const logIn = async () => {
  const { authorizationData } = await registry.ecr.send(new GetAuthorizationTokenCommand({}));
  const auth = authorizationData?.[0]?.authorizationToken;
  const auths = { [`127.0.0.1:${registry.port}`]: { auth } };
  await writeFile(join(folder, 'config.json'), JSON.stringify({ auths }), { mode: 0o600 });
};

/** Pushes the image of game-service, signed with a key, or with the key in a file. */
const push = (key: string) => {
  const args = ['run', 'game-service:docker-push:local', '--engine=oci', '--provision'];
  return workspace.nxOk(args, { ...registry.env, IMAGE_SIGNING_KEY: key });
};
const pushedUri = async () => {
  const text = await readFile(workspace.path('dist/images/game-service/push.json'), 'utf8');
  return (JSON.parse(text) as { imageUri: string }).imageUri;
};

describe('docker-verify --signatures', () => {
  const bundleType = 'application/vnd.dev.sigstore.bundle.v0.3+json';
  const release = kinds['P-256']();
  let content: RemoteRepository;
  let digest: Digest;
  let config: string;

  beforeAll(async () => {
    await push(release.privateKey.export(pem).toString());
    const [uri, pushed] = (await pushedUri()).split('@');
    digest = pushed as Digest;
    const [host = '', ...path] = (uri ?? '').split('/');
    const client = new RegistryClient({ host, credentials });
    content = new RemoteRepository(client, path.join('/'));
    const key = { key: 'release.pub' };
    config = await readFile(workspace.path('registry.json'), 'utf8');
    const signed = { ...(JSON.parse(config) as object), signers: { local: [key] } };
    await writeFile(workspace.path('registry.json'), JSON.stringify(signed));
  });
  afterAll(() => writeFile(workspace.path('registry.json'), config));

  const credentials = async () => {
    const { authorizationData } = await registry.ecr.send(new GetAuthorizationTokenCommand({}));
    const token = Buffer.from(authorizationData?.[0]?.authorizationToken ?? '', 'base64');
    return { username: 'AWS', password: token.toString().replace('AWS:', '') };
  };

  const bundles = async () =>
    (await content.referrers(digest)).filter(({ artifactType }) => artifactType === bundleType);

  /** The result of docker-verify if registry.json names a public key. */
  const verify = async (publicKey = release.publicKey) => {
    await writeFile(workspace.path('release.pub'), publicKey.export(publicPem));
    const target = 'game-service:docker-verify:local';
    const options = ['--engine=oci', '--runtime=node', '--signatures'];
    return workspace.nx(['run', target, ...options], registry.env);
  };

  it('accepts the image that the signer has pushed', async () => {
    const { code, output } = await verify();
    expect(output).toMatch(/signature.*by key release\.pub/i);
    expect(code).toBe(0);
  });

  it('rejects it if another key is required', async () => {
    const { code, output } = await verify(kinds['P-256']().publicKey);
    expect(output).toMatch(/has no valid signature of key release\.pub/);
    expect(output).toMatch(/it is not of a trusted signer/);
    expect(code).toBe(1);
  });

  it('rejects it without its signatures, and with one whose statement was changed', async () => {
    const [signature, ...others] = await bundles();
    if (!signature) throw new Error('the image is signed');
    expect(others).toEqual([]);
    const [layer] = (await readNode(content, signature)).content.layers ?? [];
    if (!layer) throw new Error('the signature has content');
    const bundle = JSON.parse((await readContent(await content.fetch(layer))).toString()) as {
      dsseEnvelope: { payload: string };
    };
    const imageIds = [{ imageDigest: signature.digest }];
    await registry.ecr.send(
      new BatchDeleteImageCommand({ repositoryName: content.repository, imageIds }),
    );
    const unsigned = await verify();
    expect(unsigned.output).toMatch(
      /is not signed\. registry\.json requires a signature of key release\.pub/,
    );
    expect(unsigned.code).toBe(1);

    const { payload } = bundle.dsseEnvelope;
    const statement = Buffer.from(payload, 'base64').toString();
    const changed = statement.replace(/"gitCommit":"./, '"gitCommit":"_');
    expect(changed).not.toBe(statement);
    bundle.dsseEnvelope.payload = Buffer.from(changed).toString('base64');
    const subject = await content.resolve(digest);
    if (!subject) throw new Error('the image is in the registry');
    const { client, repository } = content;
    const layers = [{ mediaType: bundleType, bytes: Buffer.from(JSON.stringify(bundle)) }];
    await attachArtifact({ client, repository, subject, artifactType: bundleType, layers });
    const tampered = await verify();
    expect(tampered.output).toMatch(
      /has no valid signature of key release\.pub[^]*signature verification failed/,
    );
    expect(tampered.code).toBe(1);
  });

  it('accepts a signature that cosign has made', async () => {
    const prefix = join(folder, 'cosign');
    const predicate = join(folder, 'predicate.json');
    const buildDefinition = { buildType: 'https://example.com/build', externalParameters: {} };
    const runDetails = { builder: { id: 'https://example.com/builder' } };
    await writeFile(predicate, JSON.stringify({ buildDefinition, runDetails }));
    const made = await cosign('generate-key-pair', '--output-key-prefix', prefix);
    expect(made).toMatchObject({ code: 0 });
    const what = ['--new-bundle-format', '--type', 'slsaprovenance1', '--predicate', predicate];
    const how = ['--key', `${prefix}.key`, '--tlog-upload=false', '--yes'];
    expect(await cosign('attest', ...what, ...how, await pushedUri())).toMatchObject({ code: 0 });
    const publicKey = createPublicKey(await readFile(`${prefix}.pub`, 'utf8'));
    expect(await verify(publicKey)).toMatchObject({ code: 0 });
  });
});

describe('cosign', () => {
  beforeAll(async () => {
    // Only keys: there is no network, and so no public instance to trust.
    await cosign('trusted-root', 'create', '--out', join(folder, 'root.json'));
  });

  const verify = async (publicKey: string) => {
    const key = join(folder, 'key.pub');
    await writeFile(key, publicKey);
    const trust = ['--trusted-root', join(folder, 'root.json'), '--insecure-ignore-tlog'];
    const what = ['--new-bundle-format', '--type', 'slsaprovenance1', '--key', key];
    return cosign('verify-attestation', ...trust, ...what, await pushedUri());
  };

  it.each(Object.entries(kinds))(
    'verifies a signature that a push made with a key of %s',
    async (_, make) => {
      const { privateKey, publicKey } = make();
      const output = await push(privateKey.export(pem).toString());
      expect(output).toMatch(/attached.*signature/);

      const verified = await verify(publicKey.export(publicPem).toString());
      expect(verified).toMatchObject({ code: 0 });
      const [line = ''] = verified.stdout.split('\n');
      const { payload } = JSON.parse(line) as { payload: string };
      const statement: unknown = JSON.parse(Buffer.from(payload, 'base64').toString());
      const commit = (await workspace.git('rev-parse', 'HEAD')).trim();
      expect(JSON.stringify(statement)).toContain(`"gitCommit":"${commit}"`);

      expect(await schema.problemOf(statement)).toBe('');

      const another = make().publicKey.export(publicPem).toString();
      expect((await verify(another)).code).not.toBe(0);
    },
  );

  it('leaves no trace of the key in output and files', async () => {
    const { privateKey } = kinds['P-256']();
    const file = join(folder, 'private.pem');
    await writeFile(file, privateKey.export(pem), { mode: 0o600 });
    const output = await push(file);
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

describe('the published schema of SLSA v1', () => {
  it.each<[string, object, RegExp]>([
    ['an unknown field', { runDetails: { builder: { name: 'us' } } }, /no field named "name"/],
    ['a time of another form', { runDetails: { metadata: { startedOn: 'now' } } }, /startedOn/],
    [
      'a digest that is not a map',
      { buildDefinition: { resolvedDependencies: [{ digest: 1 }] } },
      /digest must be in a dict/,
    ],
  ])('rejects %s', async (_, predicate, problem) => {
    expect(await schema.problemOf({ predicate })).toMatch(problem);
  });
});
