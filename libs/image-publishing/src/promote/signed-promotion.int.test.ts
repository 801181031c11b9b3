import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { bundleType, signWith, statementOf } from '@typerush/image-signatures/testing';
import { attachArtifact, type Digest, RemoteRepository } from '@typerush/oci';
import { failureOf } from '../../test/push-stage';
import { ReleaseStage } from '../../test/release-stage';

// It starts ecr-local and talks to it over HTTP.
jest.setTimeout(300_000);

const newKeys = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const release = newKeys();

describe('a promotion to an environment with signers', () => {
  let stage: ReleaseStage;
  let digest: Digest;

  beforeAll(async () => {
    stage = await ReleaseStage.open();
    stage.signers = [{ key: 'release.pub' }];
    const publicKey = release.publicKey.export({ type: 'spki', format: 'pem' });
    await writeFile(path.join(stage.service('staging').workspaceRoot, 'release.pub'), publicKey);
    ({ digest } = (await stage.push('one', 'a'.repeat(40))) as { digest: Digest });
  }, 600_000);
  afterAll(() => stage?.close());

  /** Attaches a signature with a key to the image in dev. */
  const sign = (privateKey: KeyObject, signed: string = digest) =>
    attach(signWith(privateKey, statementOf(signed)));
  const attach = async (bytes: Buffer) => {
    const { source, client: clientOf } = stage.promotionPorts('dev', 'staging');
    const { path: repository, ...more } = await source.open();
    const client = clientOf({ path: repository, ...more });
    const subject = await new RemoteRepository(client, repository).resolve(digest);
    if (!subject) throw new Error('the image is in dev');
    const layers = [{ mediaType: bundleType, bytes }];
    const place = { client, repository, subject };
    await attachArtifact({ ...place, artifactType: bundleType, layers });
  };

  const refused = async (code: string, message: RegExp) => {
    for (const dryRun of [true, false]) {
      const failure = await failureOf(stage.promote('dev', 'staging', { dryRun }));
      expect(failure).toMatchObject({ code, message: expect.stringMatching(message) });
      expect(failure.message).toContain('Nothing was uploaded and no tag was changed.\nFix: ');
    }
    expect(await stage.tags('staging')).toEqual({});
  };

  it('refuses an unsigned image', () =>
    refused('SIGNATURE_MISSING', /team-dev\/app .* is not signed.*key release\.pub/));

  it('refuses an image with the signatures of another key and of another image', async () => {
    await sign(newKeys().privateKey);
    await sign(release.privateKey, `sha256:${'0'.repeat(64)}`);
    await refused(
      'SIGNATURE_INVALID',
      /(not of a trusted signer[^]*signature of another image|signature of another image[^]*not of a trusted signer)/,
    );
  });

  it('refuses an image with a damaged signature, and says so', async () => {
    await attach(signWith(release.privateKey, statementOf(digest)).subarray(0, 200));
    await refused('SIGNATURE_INVALID', /it is damaged: /);
  });

  it('refuses every image if the key cannot be read', async () => {
    const { signers } = stage;
    stage.signers = [{ key: 'absent.pub' }];
    await refused('SIGNER_INVALID', /absent\.pub: it cannot be read \(ENOENT\)/).finally(() => {
      stage.signers = signers;
    });
  });

  it('promotes an image with a signature of the key, and its signatures with it', async () => {
    await sign(release.privateKey);
    const { text, data } = await stage.promote('dev', 'staging');
    expect(text).toContain(bundleType);
    expect(data).toMatchObject({
      gates: expect.arrayContaining([expect.stringMatching(/^signature: of a signer/)]),
    });
    expect(await stage.tags('staging')).toMatchObject({ staging: digest });
    // The signatures were copied too: staging is the source now.
    await stage.promote('staging', 'prod');
    expect(await stage.tags('prod')).toMatchObject({ prod: digest });
  });
});
