import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import {
  DescribeImagesCommand,
  GetAuthorizationTokenCommand,
  GetDownloadUrlForLayerCommand,
} from '@aws-sdk/client-ecr';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { type LocalServer } from '../test/local-server';
import {
  imageType,
  indexType,
  pushBlob,
  pushSample,
  putManifest,
  sampleBlob,
} from '../test/sample-images';
import { inRepository, type OpenConsole, openConsole, repositoryName } from './test/open-console';

const hostile = '<script>alert("it\'s")</script>&amp;';
const escaped = '&lt;script&gt;alert(&quot;it&#39;s&quot;)&lt;/script&gt;&amp;amp;';

const region = 'ap-southeast-1';
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

let console: OpenConsole;
let server: LocalServer;
const open: OpenConsole['open'] = (...all) => console.open(...all);
const textOf: OpenConsole['textOf'] = (...all) => console.textOf(...all);

beforeEach(async () => {
  console = await openConsole();
  ({ server } = console);
});
afterEach(() => server.close());

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
    const stylesheet = await open('/_console/style.css');
    expect(stylesheet.headers.get('content-type')).toContain('text/css');
    // All that a page loads, without compression.
    expect(text.length + (await stylesheet.text()).length).toBeLessThan(10_000);
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

  it('shows what was added by day, a layer on the day of its first image', async () => {
    const { manifest } = await pushSample(server.v2, repositoryName, 'v1', 'same');
    const before = await textOf('/_console/repository', inRepository);
    const first =
      /<th scope="row">2026-01-01<\/th><td class="number">1<\/td><td class="number">(\d+) B/;
    const added = Number(first.exec(before)?.[1]);
    expect(added).toBeGreaterThan(manifest.bytes.length);
    server.passHours(24);
    const again = JSON.parse(String(manifest.bytes)) as object;
    const second = sampleBlob(JSON.stringify({ ...again, annotations: { is: 'second' } }));
    expect((await putManifest(server.v2, repositoryName, 'v2', second)).status).toBe(201);
    const text = await textOf('/_console/repository', inRepository);
    expect(text).toContain(
      `<th scope="row">2026-01-02</th><td class="number">1</td><td class="number">${second.bytes.length} B</td>`,
    );
    expect(first.exec(text)?.[1]).toBe(String(added));
    server.passHours(24 * 40);
    expect(await textOf('/_console/repository', inRepository)).toContain(
      'In 30 days, 0 images that still exist added 0 B',
    );
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

  it('offers the commands for an image as fields to copy', async () => {
    const { manifest } = await pushSample(server.v2, repositoryName, 'v1');
    const { digest } = manifest;
    const text = await textOf('/_console/image', { ...inRepository, digest });
    const values = [...text.matchAll(/<input readonly value="([^"]*)"/g)].map(([, value]) => value);
    const of = `--region ap-southeast-1 --repository-name ${repositoryName}`;
    expect(values).toEqual([
      `docker pull ${server.host}/${repositoryName}@${digest}`,
      `aws ecr describe-images ${of} --image-ids imageDigest=${digest}`,
      `aws ecr batch-get-image ${of} --image-ids imageDigest=${digest} --query &#39;images[0].imageManifest&#39; --output text`,
      `aws ecr start-image-scan ${of} --image-id imageDigest=${digest}`,
    ]);
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
    expect(text).toContain('<td class="wrap">CreateRepository<');
    expect(text).toContain('<td class="wrap">GET /v2/<');
    expect(text).not.toMatch(/secret|\/_console\/requests<\/td>/);
  });

  it('shows the answers that are text, but none with credentials', async () => {
    const { layer } = await pushSample(server.v2, repositoryName, 'v1');
    await server.v2(`/v2/${repositoryName}/tags/list`);
    await server.client.send(new DescribeImagesCommand({ repositoryName }));
    const { authorizationData } = await server.client.send(new GetAuthorizationTokenCommand());
    const { downloadUrl = '' } = await server.client.send(
      new GetDownloadUrlForLayerCommand({ repositoryName, layerDigest: layer.digest }),
    );
    const sts = new STSClient({ endpoint: server.url, region, credentials });
    const role = { RoleArn: 'arn:aws:iam::000000000000:role/any', RoleSessionName: 'me' };
    const { Credentials } = await sts.send(new AssumeRoleCommand(role));
    sts.destroy();
    const text = await textOf('/_console/requests');
    const answer = (content: string) =>
      `<details><summary>Answer</summary><code class="answer">${content}`;
    expect(text).toContain(`tags/list${answer('{&quot;name&quot;:')}`);
    expect(text).toContain(`DescribeImages${answer('{&quot;imageDetails&quot;:')}`);
    for (const operation of ['GetAuthorizationToken', 'GetDownloadUrlForLayer', 'AssumeRole']) {
      expect(text).toContain(`<td class="wrap">${operation}</td>`);
    }
    const secrets = [
      authorizationData?.[0]?.authorizationToken?.slice(0, 20),
      new URL(downloadUrl).searchParams.get('token'),
      Credentials?.SecretAccessKey,
    ];
    for (const secret of secrets) expect(text).not.toContain(secret ?? 'missing');
  });

  it('shows why a request failed', async () => {
    await server.v2('/v2/none/manifests/v1');
    await server.client
      .send(new DescribeImagesCommand({ repositoryName: 'none' }))
      .catch(() => undefined);
    const text = await textOf('/_console/requests');
    expect(text).toMatch(
      /GET \/v2\/none\/manifests\/v1<br \/><code class="answer">.*NAME_UNKNOWN.*<\/code>/,
    );
    expect(text).toMatch(
      /DescribeImages<br \/><code class="answer">.*RepositoryNotFoundException.*<\/code>/,
    );
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
