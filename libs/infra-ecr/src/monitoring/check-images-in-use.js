/* global exports, process, require, setTimeout */
// Lambda's index.js, out of this very text: ImagesInUse says what it may take and what it may do.
/* eslint-disable @typescript-eslint/no-require-imports -- the runtime's SDK is found by require alone */
const ecrSdk = require('@aws-sdk/client-ecr');
const ecsSdk = require('@aws-sdk/client-ecs');
const lambdaSdk = require('@aws-sdk/client-lambda');

const { AWS_REGION, FUNCTIONS, NAMESPACE, PREFIXES, REGISTRY, WAIT_MS } = process.env;
const options = { maxAttempts: 8 };
const ecr = new ecrSdk.ECRClient(options);
const ecs = new ecsSdk.ECSClient(options);
const lambda = new lambdaSdk.LambdaClient(options);

async function all(client, Command, input, field, [ask, got] = ['nextToken', 'nextToken']) {
  const found = [];
  let token;
  do {
    const page = await client.send(new Command({ ...input, [ask]: token }));
    found.push(...(page[field] ?? []));
    token = page[got];
  } while (token);
  return found;
}

// ECR's names of a registry differ by endpoint: the account, the region and the path do not.
const reference =
  /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.[a-z.]+\/([^:@]+)(?::([^@]+))?(?:@(.+))?$/;

const uses = (image, user) => {
  const [, account, region, path, tag = 'latest', digest] = reference.exec(image ?? '') ?? [];
  return account && region === AWS_REGION ? [{ key: `${account}/${path}`, tag, digest, user }] : [];
};

// What is deleted after it was listed uses nothing.
const unlessDeleted = (client, command) =>
  client.send(command).catch((error) => {
    if (error.name === 'ResourceNotFoundException') return undefined;
    if (/Unable to describe task definition/.test(error.message)) return undefined;
    throw error;
  });

async function usesOfEcs() {
  const active = { status: 'ACTIVE' };
  const definitions = new Set(
    await all(ecs, ecsSdk.ListTaskDefinitionsCommand, active, 'taskDefinitionArns'),
  );
  const found = [];
  for (const cluster of await all(ecs, ecsSdk.ListClustersCommand, {}, 'clusterArns')) {
    const arns = await all(ecs, ecsSdk.ListServicesCommand, { cluster }, 'serviceArns');
    for (; arns.length > 0;) {
      const input = { cluster, services: arns.splice(0, 10) };
      const { services } = await ecs.send(new ecsSdk.DescribeServicesCommand(input));
      for (const { status, taskDefinition, deployments = [], taskSets = [] } of services) {
        if (status === 'INACTIVE') continue;
        for (const each of [{ taskDefinition }, ...deployments, ...taskSets]) {
          if (each.taskDefinition) definitions.add(each.taskDefinition);
        }
      }
    }
    const tasks = await all(ecs, ecsSdk.ListTasksCommand, { cluster }, 'taskArns');
    for (; tasks.length > 0;) {
      const input = { cluster, tasks: tasks.splice(0, 100) };
      const page = await ecs.send(new ecsSdk.DescribeTasksCommand(input));
      for (const { taskArn, containers = [] } of page.tasks) {
        for (const { image = '', imageDigest } of containers) {
          const run = imageDigest ? `${image.split('@')[0]}@${imageDigest}` : image;
          found.push(...uses(run, taskArn));
        }
      }
    }
  }
  for (const arn of definitions) {
    const input = { taskDefinition: arn };
    const answer = await unlessDeleted(ecs, new ecsSdk.DescribeTaskDefinitionCommand(input));
    const containers = answer?.taskDefinition.containerDefinitions ?? [];
    for (const { image } of containers) found.push(...uses(image, arn));
  }
  return found;
}

// The registry lets no other function pull, and the role lets no other be read.
const mayPull = FUNCTIONS.split(' ')
  .filter(Boolean)
  .map((name) => new RegExp(`^${name.replaceAll('*', '.*')}$`));

async function usesOfLambda() {
  const found = [];
  if (mayPull.length === 0) return found;
  const input = { FunctionVersion: 'ALL' };
  const tokens = ['Marker', 'NextMarker'];
  for (const each of await all(
    lambda,
    lambdaSdk.ListFunctionsCommand,
    input,
    'Functions',
    tokens,
  )) {
    const { FunctionName, Version: Qualifier } = each;
    if (each.PackageType !== 'Image' || !mayPull.some((name) => name.test(FunctionName))) continue;
    const command = new lambdaSdk.GetFunctionCommand({ FunctionName, Qualifier });
    const { Code } = (await unlessDeleted(lambda, command)) ?? { Code: {} };
    found.push(...uses(Code.ResolvedImageUri ?? Code.ImageUri, `${FunctionName}:${Qualifier}`));
  }
  return found;
}

async function preview(repositoryName) {
  try {
    await ecr.send(new ecrSdk.StartLifecyclePolicyPreviewCommand({ repositoryName }));
  } catch (error) {
    if (error.name === 'LifecyclePolicyNotFoundException') return [];
    if (error.name !== 'LifecyclePolicyPreviewInProgressException') throw error;
  }
  const Get = ecrSdk.GetLifecyclePolicyPreviewCommand;
  let status;
  do {
    await new Promise((resolve) => setTimeout(resolve, Number(WAIT_MS)));
    ({ status } = await ecr.send(new Get({ repositoryName })));
  } while (status === 'IN_PROGRESS');
  if (status !== 'COMPLETE') throw new Error(`The preview of ${repositoryName} is ${status}`);
  return all(ecr, Get, { repositoryName }, 'previewResults');
}

exports.handler = async () => {
  const inUse = [...(await usesOfEcs()), ...(await usesOfLambda())];
  let EndangeredImages = 0;
  const found = await all(ecr, ecrSdk.DescribeRepositoriesCommand, {}, 'repositories');
  for (const { repositoryName: Repository, registryId } of found) {
    if (!PREFIXES.split(' ').some((prefix) => Repository.startsWith(prefix))) continue;
    const here = inUse.filter(({ key }) => key === `${registryId}/${Repository}`);
    if (here.length === 0) continue;
    for (const result of await preview(Repository)) {
      const { imageDigest, imageTags = [], appliedRulePriority: Rule } = result;
      const UsedBy = here
        .filter(({ tag, digest }) => (digest ? digest === imageDigest : imageTags.includes(tag)))
        .map(({ user }) => user);
      if (UsedBy.length === 0) continue;
      EndangeredImages += 1;
      const line = { Repository, Image: imageDigest, Tags: imageTags, Rule, UsedBy };
      process.stdout.write(`${JSON.stringify(line)}\n`);
    }
  }
  const Metrics = [{ Name: 'EndangeredImages', Unit: 'Count' }];
  const CloudWatchMetrics = [{ Namespace: NAMESPACE, Dimensions: [['Registry']], Metrics }];
  const _aws = { Timestamp: Date.now(), CloudWatchMetrics };
  process.stdout.write(`${JSON.stringify({ _aws, Registry: REGISTRY, EndangeredImages })}\n`);
};
