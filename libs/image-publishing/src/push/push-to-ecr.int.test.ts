import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CreateRepositoryCommand, DescribeImagesCommand } from '@aws-sdk/client-ecr';
import { EcrRepositories, pushDestinations } from '@typerush/ecr-access';
import { EcrLocal } from '@typerush/ecr-access/testing';
import { type Digest, fetchArtifact, listReferrers, RegistryClient } from '@typerush/oci';
import { readEnvironment } from '@typerush/pipeline-context';
import { PushStage } from '../../test/push-stage';
import { imageAttachments } from '../attest/image-attachments';

const repositoryName = 'team/app';
let ecr: EcrLocal;
let stage: PushStage;

beforeAll(async () => {
  ecr = await EcrLocal.start();
  stage = await PushStage.open(0);
  await ecr.ecr.send(
    new CreateRepositoryCommand({
      repositoryName,
      imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'prod' }],
    }),
  );
}, 60_000);
afterAll(async () => {
  await stage?.close();
  await ecr?.stop();
});

const environment = 'prod' as const;
const destinations = () =>
  pushDestinations(stage.service(), [], {
    environment,
    target: ecr.target,
    ecr: (target) => new EcrRepositories(target, { project: 'app', environment }),
    credentials: () => () => Promise.resolve(undefined),
  });

function push(signingKey?: string) {
  const machine = readEnvironment({ IMAGE_SIGNING_KEY: signingKey });
  const now = () => new Date('2026-11-21T10:00:00.123Z');
  const context = {
    service: stage.service(),
    environment,
    dockerfile: 'Dockerfile',
    machine,
    tool: { name: '@typerush/nx-ecr', version: '0.1.0' },
    now,
  };
  return stage.push({
    environment,
    services: {
      destinations: destinations(),
      attachments: (image, source) => imageAttachments(context, image, source),
    },
  });
}

async function attached(digest: Digest) {
  const [destination] = destinations();
  const repository = await destination?.open();
  if (!repository) throw new Error('there is a destination');
  const client = new RegistryClient(repository);
  const found = await listReferrers(client, repositoryName, digest);
  return Promise.all(
    found.map(async ({ digest: referrer, artifactType }) => {
      const { layers } = await fetchArtifact(client, repositoryName, referrer);
      const [content] = layers.map(({ bytes }) => Buffer.from(bytes).toString());
      return { artifactType, content: JSON.parse(content ?? '{}') as Record<string, unknown> };
    }),
  );
}

describe('pushService to ECR', () => {
  it('sets the tags of an image, and attaches its provenance', async () => {
    await writeFile(path.join(stage.outDir, 'package-lock.json'), '{}');
    const { digest } = await stage.build('one');
    const { attachments } = await push();
    expect(attachments).toMatchObject([{ kind: 'provenance', action: 'attached' }]);
    const [provenance] = await attached(digest);
    expect(provenance?.content).toMatchObject({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ name: repositoryName, digest: { sha256: digest.slice('sha256:'.length) } }],
      predicateType: 'https://slsa.dev/provenance/v1',
      predicate: {
        buildDefinition: {
          externalParameters: { project: 'app', environment, args: { APP: 'app' } },
          resolvedDependencies: [
            { uri: 'git+https://github.com/team/app', digest: { gitCommit: 'abcdef0' } },
            { uri: 'node' },
            { name: 'package-lock.json', digest: { sha256: expect.stringMatching(/^44136fa3/) } },
          ],
        },
        runDetails: { metadata: { startedOn: '2026-11-21T10:00:00Z' } },
      },
    });
    const { imageDetails } = await ecr.ecr.send(
      new DescribeImagesCommand({ repositoryName, imageIds: [{ imageTag: 'prod' }] }),
    );
    expect(imageDetails?.[0]?.imageTags?.sort()).toEqual(['prod', 'prod-abcdef0', 'v1.2.3']);
  });

  it('changes nothing a second time', async () => {
    expect(await push()).toMatchObject({ unchanged: true, uploadedBytes: 0 });
  });

  it('adds a signature if there is a key, and another for another key', async () => {
    const pem = () =>
      generateKeyPairSync('ec', { namedCurve: 'P-256' })
        .privateKey.export({ type: 'pkcs8', format: 'pem' })
        .toString();
    const key = pem();
    const actions = async (signingKey: string) =>
      (await push(signingKey)).attachments.map(({ kind, action }) => `${kind} ${action}`);
    expect(await actions(key)).toEqual(['provenance present', 'signature attached']);
    expect(await actions(key)).toEqual(['provenance present', 'signature present']);
    expect(await actions(pem())).toEqual(['provenance present', 'signature attached']);
  });

  it('rejects a push that would move immutable tags', async () => {
    await stage.build('two');
    await expect(push()).rejects.toMatchObject({
      code: 'TAG_IMMUTABLE',
      message: expect.stringMatching(/prod-abcdef0 points to sha256:.*\n.*v1\.2\.3 points to/),
    });
  });

  it('writes no secret to its files', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'key-'));
    try {
      const file = path.join(folder, 'key.pem');
      await writeFile(file, 'not a key');
      await stage.build('one');
      await expect(push(file)).rejects.toMatchObject({ code: 'SIGNING_KEY_INVALID' });
      for (const name of ['push.json', 'summary.md']) {
        expect(await stage.file(name)).not.toMatch(/PRIVATE KEY|password/i);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
