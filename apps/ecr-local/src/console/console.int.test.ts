import {
  CreateRepositoryCommand,
  DescribeImagesCommand,
  GetLifecyclePolicyCommand,
  PutLifecyclePolicyCommand,
} from '@aws-sdk/client-ecr';
import { CreateStackCommand, CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { type LocalServer, startLocalServer } from '../test/local-server';
import {
  imageType,
  indexType,
  pushBlob,
  pushSample,
  putManifest,
  sampleBlob,
} from '../test/sample-images';

const repositoryName = 'hello/world';
const hostile = '<script>alert("it\'s")</script>&amp;';
const escaped = '&lt;script&gt;alert(&quot;it&#39;s&quot;)&lt;/script&gt;&amp;amp;';

/** That of a published example: a list of prefixes reads like "any of these". */
const trap = JSON.stringify({
  rules: [
    {
      rulePriority: 1,
      selection: {
        tagStatus: 'untagged',
        countType: 'sinceImagePushed',
        countUnit: 'days',
        countNumber: 7,
      },
      action: { type: 'expire' },
    },
    {
      rulePriority: 2,
      selection: {
        tagStatus: 'tagged',
        tagPrefixList: ['v', 'prod', 'staging', 'dev'],
        countType: 'imageCountMoreThan',
        countNumber: 10,
      },
      action: { type: 'expire' },
    },
  ],
});

let server: LocalServer;
const inRepository = { registry: '000000000000/ap-southeast-1', name: repositoryName };

beforeEach(async () => {
  server = await startLocalServer();
  await server.client.send(new CreateRepositoryCommand({ repositoryName }));
});
afterEach(() => server.close());

const open = (path: string, parameters: Record<string, string> = {}) =>
  fetch(`${server.url}${path}?${new URLSearchParams(parameters).toString()}`, {
    headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' },
  });
const textOf = async (path: string, parameters?: Record<string, string>) =>
  withoutSpace(await (await open(path, parameters)).text());

/** The space between tags has no meaning. */
const withoutSpace = (text: string) =>
  text.replace(/\s+/g, ' ').replace(/> /g, '>').replace(/ </g, '<');

async function send(fields: Record<string, string>, headers: Record<string, string> = {}) {
  const [, token = ''] =
    /name="token" value="([^"]+)"/.exec(await textOf('/_console/policy', inRepository)) ?? [];
  const body = new URLSearchParams({ token, ...inRepository, ...fields });
  return fetch(`${server.url}/_console/policy`, {
    method: 'POST',
    body,
    headers,
    redirect: 'manual',
  });
}

describe('the console', () => {
  it('is at / for a browser, and the first commands for curl', async () => {
    expect(await textOf('/')).toContain('<h1>Repositories</h1>');
    for (const accept of ['*/*', 'text/plain', 'application/json']) {
      const response = await fetch(server.url, { headers: { accept } });
      expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
      expect(response.headers.get('content-security-policy')).toBeNull();
    }
  });

  it('has no script and loads only its stylesheet, which its policy enforces', async () => {
    const response = await open('/');
    expect(response.headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
    const text = await response.text();
    expect(text).not.toMatch(/<script|javascript:|\son\w+=|style="/);
    expect(text.match(/(?:src|<link[^>]*href)="[^"]*"/g)).toEqual([
      '<link rel="stylesheet" href="/_console/style.css"',
    ]);
    expect((await open('/_console/style.css')).headers.get('content-type')).toContain('text/css');
  });

  it('does not change the answers of the registry', async () => {
    const response = await server.v2('/v2/');
    expect(response.headers.get('content-security-policy')).toBeNull();
    expect(response.headers.get('cache-control')).toBeNull();
  });

  it('lists repositories with layers that images share counted once, and finds them by name', async () => {
    await pushSample(server.v2, repositoryName, 'v1', 'same');
    await pushSample(server.v2, repositoryName, 'v2', 'same');
    const text = await textOf('/');
    expect(text).toContain(`>${repositoryName}</a`);
    expect(text).toMatch(/<td class="number">1<\/td>/);
    expect(await textOf('/', { search: 'HELLO' })).toContain(`>${repositoryName}</a`);
    expect(await textOf('/', { search: 'nothing' })).not.toContain(`>${repositoryName}</a`);
  });

  it('shows labels, history, annotations and searches as text', async () => {
    const config = sampleBlob(
      JSON.stringify({
        os: 'linux',
        architecture: 'amd64',
        config: { Labels: { [hostile]: hostile }, User: hostile },
        history: [{ created_by: hostile }],
      }),
    );
    const layer = sampleBlob('layer');
    const manifest = sampleBlob(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: imageType,
        config: {
          mediaType: 'application/vnd.oci.image.config.v1+json',
          digest: config.digest,
          size: config.bytes.length,
        },
        layers: [
          {
            mediaType: 'application/vnd.oci.image.layer.v1.tar',
            digest: layer.digest,
            size: layer.bytes.length,
          },
        ],
      }),
    );
    await pushBlob(server.v2, repositoryName, config);
    await pushBlob(server.v2, repositoryName, layer);
    expect((await putManifest(server.v2, repositoryName, 'v1', manifest)).status).toBe(201);
    const text = await textOf('/_console/image', { ...inRepository, digest: manifest.digest });
    // A label's name and value, the user, and the history.
    expect(text.split(escaped)).toHaveLength(5);
    expect(text).not.toContain('<script');
    expect(await textOf('/', { search: hostile })).not.toContain('<script');
    expect(await textOf('/_console/repository', { ...inRepository, name: hostile })).not.toContain(
      '<script',
    );
  });

  it('shows the packages and the content of an attached SBOM as text', async () => {
    const { manifest: subject } = await pushSample(server.v2, repositoryName, 'v1');
    const sbom = sampleBlob(JSON.stringify({ components: [{ name: hostile, version: '1.0' }, 7] }));
    const empty = sampleBlob('{}');
    const attached = sampleBlob(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: imageType,
        artifactType: 'application/vnd.cyclonedx+json',
        config: { mediaType: 'application/vnd.oci.empty.v1+json', digest: empty.digest, size: 2 },
        layers: [
          {
            mediaType: 'application/vnd.cyclonedx+json',
            digest: sbom.digest,
            size: sbom.bytes.length,
          },
        ],
        subject: { mediaType: imageType, digest: subject.digest, size: subject.bytes.length },
      }),
    );
    await pushBlob(server.v2, repositoryName, sbom);
    await pushBlob(server.v2, repositoryName, empty);
    await putManifest(server.v2, repositoryName, attached.digest, attached);
    const image = await textOf('/_console/image', { ...inRepository, digest: subject.digest });
    expect(image).toContain('1 attachment');
    expect(image).toContain(encodeURIComponent(attached.digest));
    const text = await textOf('/_console/image', { ...inRepository, digest: attached.digest });
    expect(text).toContain(`<td class="wrap">${escaped}</td>`);
    expect(text).not.toContain('<script');
  });

  it('shows an index with its platforms, also those that are not here', async () => {
    const { manifest } = await pushSample(server.v2, repositoryName, 'v1');
    const index = sampleBlob(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: indexType,
        manifests: [
          {
            mediaType: imageType,
            digest: manifest.digest,
            size: manifest.bytes.length,
            platform: { os: 'linux', architecture: 'arm64', variant: 'v8' },
          },
        ],
      }),
    );
    await putManifest(server.v2, repositoryName, 'multi', index, indexType);
    const text = await textOf('/_console/image', { ...inRepository, digest: index.digest });
    expect(text).toContain('<td>linux/arm64/v8</td>');
    expect(text).toContain(encodeURIComponent(manifest.digest));
  });

  it.each(['/_console/repository', '/_console/image', '/_console/policy'])(
    'answers %s about something that does not exist with 404',
    async (path) => {
      const response = await open(path, { ...inRepository, name: 'no/such' });
      expect(response.status).toBe(404);
      expect(await response.text()).toContain('There is no repository &quot;no/such&quot;.');
    },
  );

  it('lists stacks with their events', async () => {
    const region = 'ap-southeast-1';
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const client = new CloudFormationClient({ endpoint: server.url, region, credentials });
    const Resources = {
      One: { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: 'one' } },
    };
    await client.send(
      new CreateStackCommand({ StackName: 'first', TemplateBody: JSON.stringify({ Resources }) }),
    );
    client.destroy();
    const text = await textOf('/_console/stacks');
    expect(text).toContain('<h2>first</h2>');
    expect(text).toContain('<td>AWS::ECR::Repository</td>');
  });

  it('lists the requests of the AWS API and of docker, without queries and without its own', async () => {
    await server.v2('/v2/?token=secret');
    const text = await textOf('/_console/requests');
    expect(text).toContain('<td class="wrap">CreateRepository</td>');
    expect(text).toContain('<td class="wrap">GET /v2/</td>');
    expect(text).not.toMatch(/secret|\/_console\/requests<\/td>/);
  });

  it('adds each new request to a page that follows them', async () => {
    const response = await open('/_console/requests', { live: '' });
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    await server.client.send(new DescribeImagesCommand({ repositoryName }));
    let text = '';
    while (!text.includes('DescribeImages')) {
      const { value } = await reader.read();
      text += Buffer.from(value ?? []).toString();
    }
    await reader.cancel();
  });
});

describe('the policy workbench', () => {
  it('proposes a policy for a repository without one', async () => {
    const text = await textOf('/_console/policy', inRepository);
    expect(text).toContain('which is not applied');
    expect(text).toContain('No problem found');
  });

  it('marks the lines of the rule whose list must match all entries, and splits the list', async () => {
    const text = withoutSpace(await (await send({ do: 'evaluate', text: trap, days: '8' })).text());
    expect(text).toContain(
      'Rule 2 never expires any image, except one that has a tag for each of v*, prod*, staging*, dev*',
    );
    expect(text).toMatch(/<mark>/);
    const split = await (await send({ do: 'split', text: trap, days: '8' })).text();
    expect(split).toContain('Nothing is saved yet');
    const [, area = ''] = /<textarea[^>]*>([^<]*)/.exec(split) ?? [];
    const { rules } = JSON.parse(area.replaceAll('&quot;', '"')) as {
      rules: { rulePriority: number; selection: object }[];
    };
    expect(rules.map(({ rulePriority }) => rulePriority)).toEqual([1, 2, 3, 4, 5]);
    expect(rules[4]?.selection).toMatchObject({ tagPrefixList: ['dev'], countNumber: 10 });
  });

  it('forecasts when an untagged image expires and by which rule, and the clock makes it so', async () => {
    await pushSample(server.v2, repositoryName, 'latest', 'one');
    await pushSample(server.v2, repositoryName, 'latest', 'two');
    const forecast = withoutSpace(
      await (await send({ do: 'evaluate', text: trap, days: '8' })).text(),
    );
    expect(forecast).toContain('Within 8 days, 1 image expires and 1 stays');
    expect(forecast).toMatch(/expires in [78] days<\/strong>/);
    expect(forecast).toContain('rule 1: more than 7 days since 2026-01-01');
    const saved = await send({ do: 'apply', text: trap, days: '8' });
    expect(saved.status).toBe(303);
    const { lifecyclePolicyText } = await server.client.send(
      new GetLifecyclePolicyCommand({ repositoryName }),
    );
    expect(lifecyclePolicyText).toBe(trap);
    expect((await send({ do: 'move', text: trap, days: '8' })).status).toBe(303);
    const { imageDetails } = await server.client.send(
      new DescribeImagesCommand({ repositoryName }),
    );
    expect(imageDetails).toMatchObject([{ imageTags: ['latest'] }]);
  });

  it('does not save a policy that ECR rejects, and keeps the draft', async () => {
    const response = await send({ do: 'apply', text: '{ "rules": [] }', days: '8' });
    expect(response.status).toBe(200);
    const text = await response.text();
    expect(text).toContain('The policy was not saved.');
    expect(text).toContain('{ &quot;rules&quot;: [] }</textarea>');
    await expect(
      server.client.send(new GetLifecyclePolicyCommand({ repositoryName })),
    ).rejects.toMatchObject({ name: 'LifecyclePolicyNotFoundException' });
  });

  it('copies as Terraform and CDK, without a template of Terraform in a description', async () => {
    const text = trap.replace('"rulePriority":1', '"rulePriority":1,"description":"${path.cwd}"');
    await server.client.send(
      new PutLifecyclePolicyCommand({ repositoryName, lifecyclePolicyText: text }),
    );
    const shown = await textOf('/_console/policy', inRepository);
    expect(shown).toContain(
      'resource &quot;aws_ecr_lifecycle_policy&quot; &quot;hello_world&quot; {',
    );
    expect(shown).toContain('&quot;$${path.cwd}&quot;');
    expect(shown).toContain('lifecyclePolicyText: JSON.stringify({');
  });

  it.each<[string, Record<string, string>, Record<string, string>]>([
    ['another token', { token: 'x'.repeat(43) }, {}],
    ['no token', { token: '' }, {}],
    ['another origin', {}, { origin: 'http://attacker.example' }],
    ['another port', {}, { origin: 'http://127.0.0.1:1' }],
    ['a page of another site', {}, { 'sec-fetch-site': 'cross-site' }],
  ])('rejects a change with %s', async (_case, fields, headers) => {
    const response = await send({ do: 'apply', text: trap, days: '8', ...fields }, headers);
    expect(response.status).toBe(403);
    await expect(
      server.client.send(new GetLifecyclePolicyCommand({ repositoryName })),
    ).rejects.toMatchObject({ name: 'LifecyclePolicyNotFoundException' });
  });
});
