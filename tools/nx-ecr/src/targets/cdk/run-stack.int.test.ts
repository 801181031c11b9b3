import { generateKeyPairSync } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EcrLocal } from '@typerush/ecr-access/testing';
import { parseRegistryConfig } from '@typerush/image-registry';
import { SignedImage } from '../../../test/signed-image';
import { deployRunStack } from './run-stack';

// It starts ecr-local and talks to it over HTTP.
jest.setTimeout(300_000);

const repository = 'team/app';
const newKeys = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const release = newKeys();

/** As `infra:deploy` has synthesized it. */
const assembly = {
  'manifest.json': JSON.stringify({
    version: '1',
    artifacts: { 'team-prod-run': { type: 'aws:cloudformation:stack' } },
  }),
  'team-prod-run.template.json': JSON.stringify({
    Resources: {
      Task: {
        Type: 'AWS::ECS::TaskDefinition',
        Properties: {
          ContainerDefinitions: [
            { Name: 'app', Image: `host/${repository}@sha256:${'0'.repeat(64)}` },
          ],
        },
      },
    },
  }),
};

/** In the place of the CDK: it writes its arguments to a file, and fails. */
const cdk =
  "require('node:fs').writeFileSync('cdk.json', JSON.stringify(process.argv.slice(2)));\nprocess.exit(7);\n";

describe('infra:deploy of services whose environment has signers', () => {
  let root: string;
  let ecr: EcrLocal;
  let image: SignedImage;

  beforeAll(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'run-stack-'));
    const write = async (file: string, text: string | Buffer) => {
      await mkdir(path.dirname(path.join(root, file)), { recursive: true });
      await writeFile(path.join(root, file), text);
    };
    await write('release.pub', release.publicKey.export({ type: 'spki', format: 'pem' }));
    await write('infra/package.json', '{}');
    await write('infra/node_modules/aws-cdk/bin/cdk.js', cdk);
    for (const [file, text] of Object.entries(assembly)) {
      await write(`dist/infra/prod/${file}`, text);
    }
    ecr = await EcrLocal.start();
    image = await SignedImage.push(ecr, repository, 'prod');
  }, 600_000);
  afterAll(async () => {
    await ecr?.stop();
    await rm(root, { recursive: true });
  });

  const deploy = (signers: object = { prod: [{ key: 'release.pub' }] }) => {
    const config = { namespace: 'team', naming: 'shared', signers };
    const registry = parseRegistryConfig(JSON.stringify(config));
    const machine = { variables: process.env, ecrLocalPort: 5100, interactive: false };
    const context = { ...machine, registry, node: process.execPath };
    return deployRunStack({ root, environment: 'prod', target: ecr.target, cdk: context });
  };
  const cdkArguments = () =>
    readFile(path.join(root, 'cdk.json'), 'utf8').catch(() => 'the CDK did not run');

  it('deploys no stack with an image that nobody has signed', async () => {
    await expect(deploy()).rejects.toMatchObject({
      code: 'SIGNATURE_MISSING',
      message: expect.stringContaining('Cannot deploy app to prod. No service was changed.'),
    });
    expect(await cdkArguments()).toBe('the CDK did not run');
  });

  it('deploys no stack with an image that only another key has signed', async () => {
    await image.sign(newKeys().privateKey);
    await expect(deploy()).rejects.toMatchObject({ code: 'SIGNATURE_INVALID' });
    expect(await cdkArguments()).toBe('the CDK did not run');
  });

  it('deploys no stack if the key cannot be read', async () => {
    const failure = deploy({ prod: [{ key: 'absent.pub' }] });
    await expect(failure).rejects.toMatchObject({ code: 'SIGNER_INVALID' });
    expect(await cdkArguments()).toBe('the CDK did not run');
  });

  it('deploys the stack with the digest of an image that the key has signed', async () => {
    await image.sign(release.privateKey);
    await expect(deploy()).rejects.toMatchObject({ code: 'CDK_FAILED' });
    expect(await cdkArguments()).toContain(`team-prod-run:AppDigest=${image.descriptor.digest}`);
  });
});
