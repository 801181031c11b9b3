import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type ImageSigner } from '@typerush/image-registry';
import {
  attachArtifact,
  type Descriptor,
  digestOf,
  MEDIA_TYPE,
  RegistryClient,
  RemoteRepository,
} from '@typerush/oci';
import { MemoryRegistry } from '@typerush/oci/testing';
import { bundleType, signWith, statementOf } from '../test/signed-bundle';
import { Sigstore } from '../test/sigstore';
import { requireSignature } from './require-signature';

const identity = 'https://github.com/team/app/.github/workflows/release.yml@refs/heads/main';
const issuer = 'https://token.actions.githubusercontent.com';
const release: ImageSigner = { identity, issuer, trustedRoot: 'root.json' };
const key: ImageSigner = { key: 'release.pub' };

describe('requireSignature', () => {
  const keys = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ours = keys();
  let folder: string;
  let sigstore: Sigstore;
  let registry: MemoryRegistry;
  let client: RegistryClient;
  let count = 0;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'signers-'));
    sigstore = await Sigstore.start();
    await writeFile(path.join(folder, 'root.json'), sigstore.trustedRoot);
    await writeFile(
      path.join(folder, 'release.pub'),
      ours.publicKey.export({ type: 'spki', format: 'pem' }),
    );
    registry = new MemoryRegistry();
    await registry.start();
    client = new RegistryClient({
      host: registry.host,
      credentials: () => Promise.resolve({ username: 'AWS', password: registry.secret }),
    });
  });
  afterAll(async () => {
    await registry.stop();
    await sigstore.stop();
    await rm(folder, { recursive: true });
  });

  /** Pushes a new image. */
  const pushImage = async (): Promise<Descriptor> => {
    const target = new RemoteRepository(client, 'team/app');
    const put = async (mediaType: string, value: object) => {
      const bytes = Buffer.from(JSON.stringify(value));
      const descriptor = { mediaType, digest: digestOf(bytes), size: bytes.length };
      await target.push(descriptor, () => Promise.resolve(bytes));
      return descriptor;
    };
    const config = await put(MEDIA_TYPE.ociConfig, { number: count++ });
    const mediaType = MEDIA_TYPE.ociManifest;
    return put(mediaType, { schemaVersion: 2, mediaType, config, layers: [] });
  };
  const attach = async (subject: Descriptor, bytes: Uint8Array) => {
    const layers = [{ mediaType: bundleType, bytes }];
    const place = { client, repository: 'team/app', subject };
    await attachArtifact({ ...place, artifactType: bundleType, layers });
  };
  const require = (image: Descriptor, ...signers: ImageSigner[]) =>
    requireSignature(
      { signers, workspaceRoot: folder },
      { name: 'app', source: new RemoteRepository(client, 'team/app'), digest: image.digest },
    );

  it('requires nothing if registry.json names no signer', async () => {
    await expect(require(await pushImage())).resolves.toBeUndefined();
  });

  it('accepts a signature of the key', async () => {
    const image = await pushImage();
    await attach(image, signWith(ours.privateKey, statementOf(image.digest)));
    await expect(require(image, release, key)).resolves.toMatchObject({
      signer: 'key release.pub',
      predicateType: 'https://slsa.dev/provenance/v1',
    });
  });

  it('accepts a keyless signature of the identity', async () => {
    const image = await pushImage();
    await attach(image, await sigstore.sign(statementOf(image.digest), identity, issuer));
    await expect(require(image, key, release)).resolves.toMatchObject({
      signer: `${identity} of ${issuer}`,
    });
  });

  it('accepts an image that others have signed too', async () => {
    const image = await pushImage();
    await attach(image, Buffer.from('{}'));
    await attach(image, signWith(keys().privateKey, statementOf(image.digest)));
    await attach(image, signWith(ours.privateKey, statementOf(image.digest)));
    await expect(require(image, key)).resolves.toMatchObject({ signer: 'key release.pub' });
  });

  it('rejects an image without a signature, and states how to sign it', async () => {
    const failure = require(await pushImage(), key);
    await expect(failure).rejects.toMatchObject({ code: 'SIGNATURE_MISSING' });
    await expect(failure).rejects.toThrow(/is not signed.*key release\.pub\.\nFix: push it again/);
  });

  const tampered = (bundle: Buffer, change: (envelope: { payload: string }) => void) => {
    const json = JSON.parse(bundle.toString()) as { dsseEnvelope: { payload: string } };
    change(json.dsseEnvelope);
    return Buffer.from(JSON.stringify(json));
  };
  const changed = (bundle: Buffer, fields: object) =>
    Buffer.from(JSON.stringify({ ...(JSON.parse(bundle.toString()) as object), ...fields }));
  const other = digestOf('another image');

  type Signatures = (digest: string) => Buffer | Promise<Buffer>;
  it.each<[string, ImageSigner, Signatures, RegExp]>([
    [
      'of another key',
      key,
      (it) => signWith(keys().privateKey, statementOf(it)),
      /not of a trusted signer/,
    ],
    [
      'of another image',
      key,
      () => signWith(ours.privateKey, statementOf(other)),
      /signature of another image/,
    ],
    [
      'of another image, keyless',
      release,
      () => sigstore.sign(statementOf(other), identity, issuer),
      /signature of another image/,
    ],
    [
      'of another identity',
      release,
      (it) => sigstore.sign(statementOf(it), `${identity}2`, issuer),
      /certificate identity error/,
    ],
    [
      'of another issuer',
      release,
      (it) => sigstore.sign(statementOf(it), identity, 'https://example.com'),
      /certificate extension/,
    ],
    [
      'of an identity that only matches as a pattern',
      release,
      (it) =>
        sigstore.sign(statementOf(it), identity.replace('release.yml', 'release-yml'), issuer),
      /certificate identity error/,
    ],
    [
      'of a key, if an identity is required',
      release,
      (it) => signWith(ours.privateKey, statementOf(it)),
      /has no certificate/,
    ],
    [
      'of an identity, if a key is required',
      key,
      (it) => sigstore.sign(statementOf(it), identity, issuer),
      /not of a trusted signer/,
    ],
    [
      'of another authority',
      release,
      async (it) => {
        const foreign = await Sigstore.start();
        try {
          return await foreign.sign(statementOf(it), identity, issuer);
        } finally {
          await foreign.stop();
        }
      },
      /not of a trusted signer/,
    ],
    [
      'whose statement was changed to this image',
      key,
      (it) =>
        tampered(
          signWith(ours.privateKey, statementOf(other)),
          (envelope) => (envelope.payload = statementOf(it).toString('base64')),
        ),
      /signature verification failed/,
    ],
    [
      'whose keyless statement was changed',
      release,
      async (it) =>
        tampered(
          await sigstore.sign(statementOf(other), identity, issuer),
          (envelope) => (envelope.payload = statementOf(it).toString('base64')),
        ),
      /not of a trusted signer/,
    ],
    [
      'that is cut off',
      key,
      (it) => signWith(ours.privateKey, statementOf(it)).subarray(0, 200),
      /it is damaged/,
    ],
    [
      'in a bundle of another media type',
      key,
      (it) => changed(signWith(ours.privateKey, statementOf(it)), { mediaType: 'text/plain' }),
      /it is damaged: /,
    ],
    [
      'of a file instead of a statement',
      key,
      (it) =>
        changed(signWith(ours.privateKey, statementOf(it)), {
          dsseEnvelope: undefined,
          messageSignature: {
            messageDigest: { algorithm: 'SHA2_256', digest: 'AA==' },
            signature: 'AA==',
          },
        }),
      /it is damaged: it signs no statement/,
    ],
    ['of 50 MB', key, () => Buffer.alloc(50_000_000, ' '), /it is larger than 4194304 bytes/],
    ['that is not JSON', key, () => Buffer.from([0, 1, 2]), /it is damaged/],
    ['that is a deep JSON', key, () => Buffer.from('['.repeat(1_000_000)), /it is damaged/],
    [
      'of a text that is not a statement',
      key,
      () => signWith(ours.privateKey, Buffer.from('{}')),
      /not an in-toto statement/,
    ],
    [
      'of provenance that is not SLSA v1',
      key,
      (it) => signWith(ours.privateKey, statementOf(it, { buildDefinition: {} })),
      /not valid SLSA v1: buildDefinition/,
    ],
  ])('rejects a signature %s', async (_, signer, make, reason) => {
    const image = await pushImage();
    await attach(image, await make(image.digest));
    const failure = (await require(image, signer).catch((error: unknown) => error)) as Error;
    expect(failure).toMatchObject({
      code: 'SIGNATURE_INVALID',
      message: expect.stringMatching(reason),
    });
    expect(failure.message).toContain(image.digest);
  });

  it('reads at most 50 signatures of an image, and says how many it left out', async () => {
    const image = await pushImage();
    for (let number = 0; number < 52; number++) await attach(image, Buffer.from(`[${number}]`));
    await expect(require(image, key)).rejects.toMatchObject({
      code: 'SIGNATURE_INVALID',
      message: expect.stringContaining('2 more were not read: an image may have 50'),
    });
  });

  it.each<[string, ImageSigner, string, string]>([
    ['a missing key', { key: 'missing.pub' }, '', 'ENOENT'],
    ['a private key', { key: 'private.pem' }, 'private.pem', 'a private key'],
    [
      'a damaged trusted root',
      { ...release, trustedRoot: 'bad.json' },
      'bad.json',
      'not a trusted root',
    ],
  ])('rejects %s among the signers', async (_, signer, file, problem) => {
    const pem = ours.privateKey.export({ type: 'pkcs8', format: 'pem' });
    if (file)
      await writeFile(path.join(folder, file), file === 'private.pem' ? pem : '{"tlogs": 1}');
    const failure = require(await pushImage(), signer);
    await expect(failure).rejects.toMatchObject({
      code: 'SIGNER_INVALID',
      message: expect.stringContaining(problem),
    });
  });
});
