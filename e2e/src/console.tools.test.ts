import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import {
  CreateRepositoryCommand,
  DescribeImagesCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
  PutImageCommand,
  PutLifecyclePolicyCommand,
} from '@aws-sdk/client-ecr';
import {
  dpkgStatus,
  layerOf,
  layerType,
  osRelease,
  sampleAdvisory,
} from '@typerush/image-scanning/testing';
import { type Browser, type Page } from 'playwright-core';
import { faultsOfEveryLook, launchBrowser, openPage } from './support/browser';
import { freePort } from './support/free-port';
import { localCredentials, waitFor } from './support/local-registry';
import { exitCode, launch } from './support/run';

const repositoryName = 'typerush/game-service';
const inRepository = { repositoryName };
/** A folder for pictures of each page: to be looked at, not compared. */
const pictures = process.env['ECR_LOCAL_PICTURES'];

/** As game-service's first Terraform module had it. */
const firstPolicy = {
  rules: [
    {
      rulePriority: 1,
      description: 'Expire untagged images older than 7 days',
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
      description: 'Keep last 10 tagged images',
      selection: {
        tagStatus: 'tagged',
        tagPrefixList: ['v', 'prod', 'staging', 'dev'],
        countType: 'imageCountMoreThan',
        countNumber: 10,
      },
      action: { type: 'expire' },
    },
  ],
};

const manifestType = 'application/vnd.oci.image.manifest.v1+json';
const hostile = '"><img src=x onerror="ran=1"><script>ran=1</script>';

const emptyIndex = (version: string) =>
  JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: [],
    annotations: { 'org.opencontainers.image.version': version },
  });

const advisory = sampleAdvisory({
  id: 'DEBIAN-CVE-2026-0001',
  ecosystem: 'Debian:12',
  package: 'openssl',
  events: [{ introduced: '0' }, { fixed: '3.0.13-1~deb12u1' }],
  further: {
    upstream: ['CVE-2026-0001'],
    details: hostile,
    severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
  },
});

/** Everything is allowed to alice; bob may only log in. */
const principals = Object.entries({ alice: '*', bob: 'ecr:GetAuthorizationToken' }).map(
  ([name, Action]) => ({
    arn: `arn:aws:iam::000000000000:user/${name}`,
    accessKeys: [{ id: name, secretFile: `${name}.secret` }],
    policies: [{ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] }],
  }),
);
const secretOf = (name: string) => `secret-of-${name}-with-16-characters`;

describe('the console in Chromium', () => {
  let browser: Browser;
  let folder: string;
  let url: string;
  let ecr: ECRClient;
  let stop: () => Promise<unknown>;

  /** An ecr-local in memory. @returns what ends it */
  async function start(port: number, env: Readonly<Record<string, string>>) {
    const child = launch(process.execPath, [process.env.ECR_LOCAL_PROGRAM ?? ''], {
      cwd: folder,
      env: {
        ECR_LOCAL_PORT: String(port),
        ECR_LOCAL_STORAGE: 'memory',
        LOG_LEVEL: 'warn',
        ...env,
      },
    });
    const ended = exitCode(child);
    child.stdout?.resume();
    child.stderr?.resume();
    await waitFor(() =>
      fetch(`http://127.0.0.1:${port}/health/ready`).then(
        ({ ok }) => ok,
        () => false,
      ),
    );
    return () => {
      child.kill('SIGTERM');
      return ended;
    };
  }

  beforeAll(async () => {
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    folder = await mkdtemp(join(tmpdir(), 'console-'));
    await writeFile(join(folder, 'advisory.json'), JSON.stringify(advisory));
    stop = await start(port, { ECR_LOCAL_ADVISORIES: folder });
    const client = { endpoint: url, region: 'ap-southeast-1', credentials: localCredentials };
    ecr = new ECRClient(client);
    const cloudFormation = new CloudFormationClient(client);
    const Type = 'AWS::ECR::Repository';
    const Resources = { Queue: { Type, Properties: { RepositoryName: 'from/a-stack' } } };
    const TemplateBody = JSON.stringify({ Resources });
    await cloudFormation.send(new CreateStackCommand({ StackName: 'service', TemplateBody }));
    cloudFormation.destroy();
    await ecr.send(new CreateRepositoryCommand(inRepository));
    for (const version of ['1.0.0', '1.0.1']) {
      const imageManifest = emptyIndex(version);
      await ecr.send(new PutImageCommand({ ...inRepository, imageTag: 'latest', imageManifest }));
    }
    const lifecyclePolicyText = JSON.stringify(firstPolicy);
    await ecr.send(new PutLifecyclePolicyCommand({ ...inRepository, lifecyclePolicyText }));
    await pushImageWithHostileTexts();
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    ecr?.destroy();
    await stop?.();
    await rm(folder, { recursive: true, force: true });
  });

  /** An image with layers, labels and an SBOM, whose texts are markup. */
  async function pushImageWithHostileTexts() {
    const { authorizationData } = await ecr.send(new GetAuthorizationTokenCommand());
    const authorization = `Basic ${authorizationData?.[0]?.authorizationToken}`;
    await ecr.send(
      new CreateRepositoryCommand({
        repositoryName: 'hostile',
        imageScanningConfiguration: { scanOnPush: true },
      }),
    );
    const push = async (content: string | Buffer<ArrayBuffer>, mediaType: string) => {
      const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
      const address = `${url}/v2/hostile/blobs/uploads/?digest=${digest}`;
      const response = await fetch(address, {
        method: 'POST',
        headers: { authorization },
        body: content,
      });
      expect(response.status).toBe(201);
      return { mediaType, digest, size: content.length };
    };
    const put = async (manifest: object, tag: string) => {
      const body = JSON.stringify({ schemaVersion: 2, mediaType: manifestType, ...manifest });
      const headers = { authorization, 'content-type': manifestType };
      const address = `${url}/v2/hostile/manifests/${tag}`;
      const response = await fetch(address, { method: 'PUT', headers, body });
      expect(response.status).toBe(201);
      const digest = response.headers.get('docker-content-digest') ?? '';
      return { mediaType: manifestType, digest, size: body.length };
    };
    const commands = ['RUN npm ci --omit=dev', hostile];
    const config = {
      os: 'linux',
      architecture: 'amd64',
      config: { Labels: { 'org.opencontainers.image.title': hostile }, User: 'node' },
      history: ['ADD alpine.tar', ...commands].map((created_by) => ({ created_by })),
    };
    const vulnerable = {
      'etc/os-release': osRelease('debian', '12'),
      'var/lib/dpkg/status': dpkgStatus(['openssl', '3.0.11-1~deb12u2']),
    };
    const layers = [];
    for (const files of [vulnerable, ...commands.map((command) => ({ 'app/command': command }))]) {
      layers.push(await push(Buffer.from(await layerOf(files)), layerType));
    }
    const configType = 'application/vnd.oci.image.config.v1+json';
    const subject = await put(
      { config: await push(JSON.stringify(config), configType), layers },
      'v1',
    );
    const components = [
      { name: hostile, version: '1.0.0' },
      { name: 'express', version: '5.3.0' },
    ];
    const sbomType = 'application/vnd.cyclonedx+json';
    const sbom = await push(JSON.stringify({ components }), sbomType);
    const empty = await push('{}', 'application/vnd.oci.empty.v1+json');
    await put({ artifactType: sbomType, config: empty, layers: [sbom], subject }, 'sbom');
  }

  const picture = async (page: Page, name: string) => {
    if (pictures === undefined) return;
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [1280, 375]) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 900 });
        const file = join(pictures, `${name}-${colorScheme}-${width}.png`);
        await page.screenshot({ path: file, fullPage: true });
      }
    }
    await page.emulateMedia({ colorScheme: null });
    await page.setViewportSize({ width: 1280, height: 800 });
  };

  const tags = async () => {
    const { imageDetails = [] } = await ecr.send(new DescribeImagesCommand(inRepository));
    return imageDetails.map(({ imageTags = [] }) => imageTags.join()).sort();
  };

  it('has nothing that axe finds on any page, light and dark, wide and narrow', async () => {
    const { page, problems } = await openPage(browser, url);
    const check = async (heading: string | RegExp, name: string) => {
      await page.getByRole('heading', { level: 1, name: heading }).waitFor();
      expect(await faultsOfEveryLook(page)).toEqual([]);
      await picture(page, name);
    };
    await check('Repositories', 'repositories');
    await page.getByRole('link', { name: repositoryName }).click();
    await check(repositoryName, 'repository');
    await page
      .getByRole('link', { name: /^sha256:/ })
      .first()
      .click();
    await check(/^typerush\/game-service@sha256:/, 'index');
    await page.goBack();
    await page.getByRole('link', { name: 'open the policy workbench' }).click();
    await check(/^Lifecycle policy of/, 'policy');
    await page.getByRole('link', { name: 'Stacks' }).click();
    await page.getByText('Events of service', { exact: true }).click();
    await page.getByRole('cell', { name: 'AWS::ECR::Repository' }).first().waitFor();
    await check('Stacks', 'stacks');
    await page.getByRole('link', { name: 'Requests' }).click();
    await check('Requests', 'requests');
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('shows what images contain as text, and runs none of it', async () => {
    const { page, problems } = await openPage(browser, url);
    await page.getByRole('link', { name: 'hostile' }).click();
    await page.getByRole('row', { name: /v1/ }).getByRole('link').click();
    await page.getByRole('heading', { name: 'Layers' }).waitFor();
    await waitFor(async () => {
      await page.reload();
      return (await page.getByText('1 finding').count()) > 0;
    });
    expect(await page.getByRole('row', { name: /CVE-2026-0001/ }).innerText()).toMatch(
      /CRITICAL\s+openssl 3\.0\.11-1~deb12u2/,
    );
    // Its history, a label, and the details of the advisory.
    expect(await page.getByText(hostile).count()).toBe(3);
    expect(await faultsOfEveryLook(page)).toEqual([]);
    await picture(page, 'image');
    await page.getByLabel('Pull it by digest').focus();
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Tab');
    const selected = () => page.evaluate(() => String(getSelection()));
    expect(await selected()).toMatch(/^docker pull [^ ]+\/hostile@sha256:[0-9a-f]{64}$/);
    await page
      .getByRole('row', { name: /cyclonedx/ })
      .getByRole('link')
      .click();
    await page.getByRole('heading', { name: 'Packages' }).waitFor();
    expect(await page.getByText(hostile, { exact: true }).count()).toBe(1);
    await page.locator('summary').click();
    expect(await faultsOfEveryLook(page)).toEqual([]);
    await picture(page, 'attachment');
    expect(await page.evaluate(() => 'ran' in globalThis)).toBe(false);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('finds the trap in the policy, fixes it, and the untagged image is gone after 8 days', async () => {
    const { page, problems } = await openPage(browser, url);
    await page.getByLabel('Name contains').fill('game');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: repositoryName }).click();
    await page.getByRole('link', { name: 'open the policy workbench' }).click();
    await page.getByText('a list selects only the images that match all of its entries').waitFor();
    expect(await page.locator('mark').allInnerTexts()).toEqual(
      expect.arrayContaining([expect.stringContaining('"prod"')]),
    );
    await page.getByRole('button', { name: 'Split the lists' }).click();
    await page.getByText('Each entry of a list has a rule of its own now.').waitFor();
    await page.getByText('could expire the image that prod').first().waitFor();
    await page.getByRole('button', { name: 'Propose a policy' }).click();
    await page.getByText('No problem found').waitFor();
    await page.getByLabel('Look ahead, in days').fill('8');
    await page.getByRole('button', { name: 'Evaluate' }).click();
    await page.getByText('Within 8 days, 1 image expires and 1 stays').waitFor();
    const expiring = page.getByRole('row', { name: /untagged/ });
    expect(await expiring.innerText()).toMatch(/expires in [78] days.*more than 7 days since/s);
    await picture(page, 'policy-evaluated');
    await page.getByRole('button', { name: 'Save to the repository' }).click();
    await page.getByText('The policy was saved.').waitFor();
    expect(await tags()).toEqual(['', 'latest']);
    await page.getByLabel('Look ahead, in days').fill('8');
    await page.getByRole('button', { name: 'Move the clock by these days' }).click();
    await page.getByText('The clock was moved').waitFor();
    expect(await tags()).toEqual(['latest']);
    expect(await page.getByRole('row', { name: /untagged/ }).count()).toBe(0);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it('shows a request while it follows them, and can be used with the keyboard', async () => {
    const { page } = await openPage(browser, url);
    await page.getByRole('link', { name: 'Requests' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Follow new requests' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('New requests are added at the end').waitFor();
    await ecr.send(
      new PutLifecyclePolicyCommand({
        ...inRepository,
        lifecyclePolicyText: JSON.stringify(firstPolicy),
      }),
    );
    await page.getByRole('cell', { name: 'PutLifecyclePolicy' }).last().waitFor();
    await page.context().close();
  });

  it('takes the login of docker with a file of roles, and says who may pull an image', async () => {
    const port = await freePort();
    const roles = join(folder, 'roles.json');
    await writeFile(roles, JSON.stringify({ principals }), { mode: 0o600 });
    for (const name of ['alice', 'bob']) {
      await writeFile(join(folder, `${name}.secret`), secretOf(name), { mode: 0o600 });
    }
    const end = await start(port, { ECR_LOCAL_ROLES: roles });
    const endpoint = `http://127.0.0.1:${port}`;
    const clientOf = (name: string) =>
      new ECRClient({
        endpoint,
        region: 'ap-southeast-1',
        credentials: { accessKeyId: name, secretAccessKey: secretOf(name) },
      });
    const loginOf = async (name: string) => {
      const { authorizationData } = await clientOf(name).send(new GetAuthorizationTokenCommand());
      const token = authorizationData?.[0]?.authorizationToken ?? '';
      const [username = '', password = ''] = Buffer.from(token, 'base64').toString().split(':');
      return { httpCredentials: { username, password } };
    };
    await clientOf('alice').send(new CreateRepositoryCommand(inRepository));
    const imageManifest = emptyIndex('1.0.0');
    await clientOf('alice').send(
      new PutImageCommand({ ...inRepository, imageTag: 'latest', imageManifest }),
    );

    const { page, problems } = await openPage(browser, endpoint, await loginOf('alice'));
    await page.getByRole('link', { name: repositoryName }).click();
    await page.getByRole('link', { name: /^sha256:/ }).click();
    await page.getByRole('heading', { name: 'Who may pull it' }).waitFor();
    await page.getByText('1 principal may not').first().click();
    const row = (name: string) => page.getByRole('row', { name: `user/${name}` }).innerText();
    expect(await row('alice')).toContain('allowed by an identity-based policy');
    expect(await row('bob')).toContain('no identity-based policy allows the ecr:BatchGetImage');
    expect(await faultsOfEveryLook(page)).toEqual([]);
    await picture(page, 'who-may-pull');
    expect(problems).toEqual([]);
    await page.context().close();

    const other = await openPage(browser, endpoint, await loginOf('bob'));
    await other.page.getByText('There is no repository that you may see.').waitFor();
    await other.page.getByRole('link', { name: 'Requests' }).click();
    await other.page.getByText('is not authorized to perform: ecr-local:ReadRequests').waitFor();
    expect(await faultsOfEveryLook(other.page)).toEqual([]);
    await picture(other.page, 'not-allowed');
    await other.page.context().close();
    await end();
  });
});
