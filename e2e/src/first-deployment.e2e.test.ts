import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { BatchGetImageCommand } from '@aws-sdk/client-ecr';
import { deliveredServices, DeliveredWorkspace } from './support/delivery/delivered-workspace';
import { LocalRegistry } from './support/local-registry';

/** Where the reports of all suites are. */
const results = resolve(__dirname, '../../test-results');

describe('infra:deploy into an empty account', () => {
  let workspace: DeliveredWorkspace;
  let registry: LocalRegistry;
  let transcript: string;

  beforeAll(async () => {
    workspace = await DeliveredWorkspace.create();
    registry = await LocalRegistry.start(workspace.copy);
    transcript = await nx('run', 'infra:deploy:local');
    await mkdir(results, { recursive: true });
    await writeFile(join(results, 'first-deployment.txt'), transcript);
  });
  afterAll(async () => {
    await registry?.stop();
    await workspace?.copy.remove();
  });

  const nx = (...args: string[]) => workspace.copy.nxOk(args, registry.env);

  /** The image of each service in the parameters of the stack that runs them. */
  const declaredDigests = async (): Promise<Record<string, string>> => {
    const template = await registryCall('DescribeStacks', { StackName: 'typerush-local-run' });
    return Object.fromEntries(
      deliveredServices.map((service) => {
        const key = `${service[0]?.toUpperCase()}${service.slice(1)}Digest`;
        const parameter = new RegExp(
          `<ParameterKey>${key}</ParameterKey>\\s*<ParameterValue>([^<]*)`,
        );
        return [service, parameter.exec(template)?.[1] ?? ''];
      }),
    );
  };

  /** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html */
  const registryCall = async (Action: string, parameters: Record<string, string>) => {
    const response = await fetch(registry.url, {
      method: 'POST',
      headers: {
        authorization:
          'AWS4-HMAC-SHA256 Credential=local/20260101/ap-southeast-1/cloudformation/aws4_request, SignedHeaders=host, Signature=00',
      },
      body: new URLSearchParams({ Action, Version: '2010-05-15', ...parameters }),
    });
    return response.text();
  };

  const latest = async (service: string) =>
    [...(await registry.images(`typerush/${service}`))].find(([, tags]) =>
      tags.includes('latest'),
    )?.[0];

  it('creates registry, images and services in this order', () => {
    const order = [
      /typerush-local-registry-letter.*CREATE_COMPLETE/,
      /No image yet: letter,parcel\. They are built and pushed before the services\./,
      /nx run (letter|parcel):docker-push:local/,
      /typerush-local-run.*CREATE_COMPLETE.*AWS::ECS::Service/,
    ];
    const places = order.map((line) => transcript.search(line));
    expect(places.every((place) => place >= 0)).toBe(true);
    expect(places).toEqual([...places].sort((one, other) => one - other));
  });

  it('reports what ecr-local only records', () => {
    for (const type of ['AWS::ECS::Service', 'AWS::EC2::VPC', 'AWS::IAM::Role']) {
      expect(transcript).toMatch(new RegExp(`CREATE_COMPLETE.*${type}.*recorded, not emulated`));
    }
    expect(transcript).not.toMatch(/AWS::ECR::Repository.*recorded, not emulated/);
  });

  it('runs digests that are in the registry, of the moving tag', async () => {
    const digests = await declaredDigests();
    for (const [service, imageDigest] of Object.entries(digests)) {
      expect(imageDigest).toBe(await latest(service));
      const repositoryName = `typerush/${service}`;
      const request = { repositoryName, imageIds: [{ imageDigest }] };
      const { images } = await registry.ecr.send(new BatchGetImageCommand(request));
      expect(images).toHaveLength(1);
    }
  });

  it('a second time changes nothing', async () => {
    const before = [await declaredDigests(), await latest('letter'), await latest('parcel')];
    const second = await nx('run', 'infra:deploy:local');
    const deployed = (text: string) => text.match(/✅ {2}typerush-local-\S+/g)?.length;
    expect(second.match(/✅ {2}typerush-local-\S+ \(no changes\)/g)).toHaveLength(
      deployed(transcript) ?? 0,
    );
    expect(second).not.toContain('No image yet');
    expect([await declaredDigests(), await latest('letter'), await latest('parcel')]).toEqual(
      before,
    );
  });

  it('infra:diff shows a pushed image as versions', async () => {
    const commit = await workspace.change('letter');
    await nx('run', 'letter:docker-push:local', '--engine=oci');
    const diff = await nx('run', 'infra:diff:local');
    expect(diff).toMatch(new RegExp(`letter: dev-\\w{7} -> dev-${commit.slice(0, 7)}`));
    expect(diff).not.toMatch(/parcel: dev-\w{7} ->/);
    expect(diff).not.toMatch(/letter: .*sha256:/);
  });
});
