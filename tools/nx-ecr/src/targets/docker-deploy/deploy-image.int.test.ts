import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EcrLocal } from '@typerush/ecr-access/testing';
import { parseRegistryConfig } from '@typerush/image-registry';
import { FakeEcs, scriptedTasks } from '@typerush/service-deployment/testing';
import { signWith, statementOf } from '@typerush/image-signatures/testing';
import { SignedImage } from '../../../test/signed-image';
import { deployImage } from './deploy-image';

// It starts ecr-local and talks to it over HTTP.
jest.setTimeout(300_000);

const repository = 'team/healthy';
const name = { cluster: 'team-prod', service: 'app' };
const newKeys = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const release = newKeys();

/** One endpoint for two services of AWS, as AWS_ENDPOINT_URL names it. */
async function startEndpoint(ecr: string, ecs: string): Promise<Server> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const operation = String(request.headers['x-amz-target']);
    const passed = ['authorization', 'content-type', 'x-amz-date', 'x-amz-target'];
    const headers = passed.map((header) => [header, String(request.headers[header])] as const);
    const answer = await fetch(operation.includes('ContainerServiceV') ? ecs : ecr, {
      method: 'POST',
      headers: Object.fromEntries(headers),
      body: Buffer.concat(chunks),
    });
    const type = answer.headers.get('x-amzn-errortype');
    response.writeHead(answer.status, type === null ? {} : { 'x-amzn-errortype': type });
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

describe('a deployment to an environment with signers', () => {
  let root: string;
  let ecr: EcrLocal;
  let ecs: FakeEcs;
  let endpoint: Server;
  let image: SignedImage;

  beforeAll(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'deploy-'));
    const publicKey = release.publicKey.export({ type: 'spki', format: 'pem' });
    await writeFile(path.join(root, 'release.pub'), publicKey);
    ecr = await EcrLocal.start();
    image = await SignedImage.push(ecr, repository);
    ecs = await FakeEcs.start(name, scriptedTasks);
    const container = { name: 'app', image: `${image.repository.uri}@sha256:${'0'.repeat(64)}` };
    const family = `${name.cluster}-${name.service}`;
    await ecs.createService(ecs.declare({ family, containerDefinitions: [container] }));
    endpoint = await startEndpoint(ecr.target.endpoint ?? '', ecs.endpoint);
  }, 600_000);
  afterAll(async () => {
    endpoint?.closeAllConnections();
    endpoint?.close();
    await ecs?.stop();
    await ecr?.stop();
    await rm(root, { recursive: true });
  });

  const deploy = (signers: object = { prod: [{ key: 'release.pub' }] }) => {
    const { port } = endpoint.address() as AddressInfo;
    const { digest } = image.descriptor;
    return deployImage(
      { service: 'app', environment: 'prod', repository, digest, timeout: 60, dryRun: false },
      {
        root,
        registry: parseRegistryConfig(
          JSON.stringify({ namespace: 'team', naming: 'shared', signers }),
        ),
        target: { ...ecr.target, endpoint: `http://127.0.0.1:${port}` },
        reporter: { progress: () => undefined, note: () => undefined },
      },
    );
  };
  it('refuses an unsigned image before it calls Amazon ECS', async () => {
    await expect(deploy()).rejects.toMatchObject({
      code: 'SIGNATURE_MISSING',
      message: expect.stringMatching(
        /team\/healthy .* is not signed.*key release\.pub\.\nCannot deploy app to prod\. No service was changed\.\nFix: /,
      ),
    });
    expect(ecs.calls).toEqual([]);
  });

  it('refuses an image that only another key has signed', async () => {
    await image.sign(newKeys().privateKey);
    await expect(deploy()).rejects.toMatchObject({ code: 'SIGNATURE_INVALID' });
    expect(ecs.calls).toEqual([]);
  });

  it('refuses an image with the signature of another image, and a damaged one', async () => {
    const statement = statementOf(image.descriptor.digest);
    await image.sign(release.privateKey, `sha256:${'0'.repeat(64)}`);
    await image.attach(signWith(release.privateKey, statement).subarray(0, 200));
    const failure = (await deploy().catch((error: unknown) => error)) as Error;
    expect(failure).toMatchObject({ code: 'SIGNATURE_INVALID' });
    for (const reason of [
      'it is the signature of another image',
      'it is damaged',
      'No service was changed',
    ]) {
      expect(failure.message).toContain(reason);
    }
    expect(ecs.calls).toEqual([]);
  });

  it('refuses every image if the key cannot be read', async () => {
    const failure = deploy({ prod: [{ key: 'absent.pub' }] });
    await expect(failure).rejects.toMatchObject({ code: 'SIGNER_INVALID' });
    expect(ecs.calls).toEqual([]);
  });

  it('runs an image that the key has signed', async () => {
    await image.sign(release.privateKey);
    await expect(deploy()).resolves.toMatchObject({
      outcome: 'deployed',
      digest: image.descriptor.digest,
    });
    expect(ecs.runningImage).toContain(image.descriptor.digest);
  });

  it('requires no signature if only another environment has signers', async () => {
    const outcome = { outcome: 'unchanged' };
    await expect(deploy({ dev: [{ key: 'absent.pub' }] })).resolves.toMatchObject(outcome);
  });
});
