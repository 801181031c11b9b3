import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { AwsApiModel, awsError } from '@typerush/image-registry/testing';
import { Sandbox } from '../test/sandbox';

jest.setTimeout(30_000);

const script = path.join(__dirname, 'gather-images.ts');
const tsx = pathToFileURL(require.resolve('tsx')).href;
const host = '123456789012.dkr.ecr.ap-southeast-1.amazonaws.com';
const digest = `sha256:${'1'.repeat(64)}`;

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await Sandbox.create();
  await write('registry.json', { namespace: 'typerush', naming: 'shared' });
  for (const service of ['game-service', 'record-service']) {
    await write(`apps/${service}/image.json`, {
      repository: service,
      retention: 'environment',
      port: 3000,
      health: '/health',
    });
  }
  await mkdir(path.join(sandbox.work, 'apps/web'));
  await registryAnswers({});
});
afterEach(() => sandbox.remove());

async function write(file: string, content: unknown): Promise<void> {
  const to = path.join(sandbox.work, file);
  await mkdir(path.dirname(to), { recursive: true });
  await writeFile(to, JSON.stringify(content));
}

async function pushed(service: string): Promise<void> {
  const folder = `dist/images/${service}`;
  const imageUri = `registry/typerush/${service}@sha256:1`;
  await write(`${folder}/imagedefinitions.json`, [{ name: service, imageUri }]);
  await write(`${folder}/imageDetail.json`, { ImageURI: imageUri });
  await write(`${folder}/push.json`, { service, imageUri, tags: [{ tag: 'latest' }] });
  await write(`${folder}/summary.md`, service);
  await write(`${folder}/summary.html`, service);
}

/**
 * `aws ecr` over repositories by name, each with its images by tag; what it answers is checked against ECR's API model.
 * https://docs.aws.amazon.com/cli/latest/reference/ecr/describe-images.html#examples
 */
async function registryAnswers(
  repositories: Readonly<Record<string, Readonly<Record<string, string>>>>,
): Promise<void> {
  const registryId = '123456789012';
  const cases = Object.entries(repositories).flatMap(([name, images]) => [
    [
      `"ecr describe-repositories --repository-names ${name} "*`,
      AwsApiModel.ecr.output('DescribeRepositories', {
        repositories: [{ registryId, repositoryName: name, repositoryUri: `${host}/${name}` }],
      }),
    ],
    ...Object.entries(images).map(([tag, imageDigest]) => [
      `"ecr describe-images --repository-name ${name} --image-ids imageTag=${tag} "*`,
      AwsApiModel.ecr.output('DescribeImages', {
        imageDetails: [{ registryId, repositoryName: name, imageDigest, imageTags: [tag] }],
      }),
    ]),
    [
      `"ecr describe-images --repository-name ${name} "*`,
      fails('ImageNotFoundException', 'DescribeImages'),
    ],
  ]);
  const lines = [...cases, ['*', fails('RepositoryNotFoundException', 'DescribeRepositories')]].map(
    ([pattern, answer]) =>
      `${pattern}) ${typeof answer === 'string' ? answer : `echo '${JSON.stringify(answer)}'`} ;;`,
  );
  await sandbox.program('aws', `case "$* " in\n${lines.join('\n')}\nesac`);
}

const fails = (error: string, operation: string): string => {
  AwsApiModel.ecr.assertError(operation, awsError(error, ''));
  return `echo "An error occurred (${error}) when calling the ${operation} operation" >&2; exit 254`;
};

const gather = (environment = 'dev') =>
  sandbox.run(process.execPath, ['--import', tsx, script, environment]);
const delivery = (file: string) => path.join(sandbox.work, 'dist/delivery', file);

describe('what is gathered of a delivery', () => {
  it('is, for each service that was pushed, what deploy actions read', async () => {
    await pushed('game-service');
    await pushed('record-service');
    expect(await gather()).toMatchObject({ code: 0, stderr: '' });
    expect((await readdir(delivery('.'))).sort()).toEqual([
      'game-service',
      'record-service',
      'summary.html',
      'summary.md',
    ]);
    expect(
      JSON.parse(await readFile(delivery('game-service/imagedefinitions.json'), 'utf8')),
    ).toEqual([{ name: 'game-service', imageUri: 'registry/typerush/game-service@sha256:1' }]);
    expect((await readdir(delivery('game-service'))).sort()).toEqual([
      'imageDetail.json',
      'imagedefinitions.json',
      'push.json',
      'summary.html',
      'summary.md',
    ]);
    expect(await readFile(delivery('summary.md'), 'utf8')).toContain(
      '| `game-service` | `registry/typerush/game-service@sha256:1` | `latest` | pushed | `game-service/summary.html` |\n',
    );
    expect(await readFile(delivery('summary.html'), 'utf8')).toContain(
      '<a href="game-service/summary.html">',
    );
  });

  it('has the image in the registry of a service that is not affected', async () => {
    await pushed('game-service');
    await registryAnswers({ 'typerush/record-service': { latest: digest } });
    expect(await gather()).toMatchObject({ code: 0, stderr: '' });
    const imageUri = `${host}/typerush/record-service@${digest}`;
    const read = async (file: string) =>
      JSON.parse(await readFile(delivery(`record-service/${file}`), 'utf8'));
    expect(await read('imagedefinitions.json')).toEqual([{ name: 'record-service', imageUri }]);
    expect(await read('imageDetail.json')).toEqual({ ImageURI: imageUri });
    // Nothing was pushed of it.
    expect((await readdir(delivery('record-service'))).sort()).toEqual([
      'imageDetail.json',
      'imagedefinitions.json',
    ]);
    expect(await readFile(delivery('summary.md'), 'utf8')).toContain(
      `| \`record-service\` | \`${imageUri}\` | \`latest\` | not affected |  |\n`,
    );
  });

  it.each([
    ['dev', 'latest'],
    ['staging', 'staging'],
    ['prod', 'prod'],
  ])('looks in %s for the image that %s points to', async (environment, tag) => {
    const tags = { latest: 'sha256:a', staging: 'sha256:b', prod: 'sha256:c' };
    await registryAnswers({ 'typerush/game-service': tags });
    expect(await gather(environment)).toMatchObject({ code: 0 });
    expect(await readFile(delivery('game-service/imagedefinitions.json'), 'utf8')).toContain(
      tags[tag as keyof typeof tags],
    );
  });

  it('looks where registry.json has the environment pushed first', async () => {
    await write('registry.json', {
      namespace: 'typerush',
      naming: 'per-environment',
      destinations: { dev: [{ region: 'eu-west-1' }, { region: 'us-east-1' }] },
    });
    await gather();
    expect((await sandbox.calls('aws'))[0]).toBe(
      'ecr describe-repositories --repository-names typerush-dev/game-service --region eu-west-1 --output json',
    );
  });

  it('looks in the first ECR that the environment is pushed to, also if another registry is first', async () => {
    await write('registry.json', {
      namespace: 'typerush',
      naming: 'shared',
      destinations: {
        dev: [{ registry: 'ghcr.io/typerush' }, { region: 'eu-west-1' }, { region: 'us-east-1' }],
      },
    });
    await registryAnswers({ 'typerush/game-service': { latest: digest } });
    expect(await gather()).toMatchObject({ code: 0, stderr: '' });
    expect(await readFile(delivery('game-service/imagedefinitions.json'), 'utf8')).toContain(
      digest,
    );
    expect(await sandbox.calls('aws')).toContain(
      'ecr describe-repositories --repository-names typerush/game-service --region eu-west-1 --output json',
    );
  });

  it('names services that are not affected if no destination is ECR', async () => {
    await write('registry.json', {
      namespace: 'typerush',
      naming: 'shared',
      destinations: { dev: [{ registry: 'ghcr.io/typerush' }] },
    });
    expect(await gather()).toMatchObject({ code: 0, stderr: '' });
    expect(await sandbox.calls('aws')).toEqual([]);
    expect(await readFile(delivery('summary.md'), 'utf8')).toContain(
      'Not affected, and no destination of dev is ECR, where the current image could be looked up: game-service, record-service.',
    );
  });

  it('names services that have no image yet, and has no folder for them', async () => {
    await registryAnswers({ 'typerush/game-service': {} });
    expect(await gather()).toMatchObject({ code: 0, stderr: '' });
    expect((await readdir(delivery('.'))).sort()).toEqual(['summary.html', 'summary.md']);
    expect(await readFile(delivery('summary.md'), 'utf8')).toMatch(
      /^> Without an image yet: game-service, record-service\.$[^]*No image is affected: nothing was pushed\./m,
    );
  });

  it('fails if the registry does not answer, rather than leave a service out', async () => {
    await sandbox.program('aws', fails('AccessDeniedException', 'DescribeRepositories'));
    const { code, stderr } = await gather();
    expect(code).toBe(1);
    expect(stderr).toMatch(/Cannot gather the images: .*AccessDeniedException/s);
  });

  it('leaves out an image that was only built, and what an earlier delivery left', async () => {
    await pushed('game-service');
    await gather();
    await write('dist/images/record-service/build.json', {});
    await sandbox.run('rm', ['-r', 'dist/images/game-service']);
    await gather();
    expect((await readdir(delivery('.'))).sort()).toEqual(['summary.html', 'summary.md']);
  });
});
