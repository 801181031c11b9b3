import { FakeEcs, type Revision } from '../test/fake-ecs';
import { scriptedTasks } from '../test/task-runner';
import { deployService, type DeploymentRequest } from './deploy-service';
import { EcsServiceHost } from './ecs-service-host';
import { type DeploymentError } from './failed-deployment';
import { runningImage } from './running-image';

const name = { cluster: 'typerush-prod', service: 'game-service' };
const family = 'typerush-prod-game-service';
const imageOf = (kind: string, digit = '1') =>
  `123456789012.dkr.ecr.ap-southeast-1.amazonaws.com/typerush/${kind}@sha256:${digit.repeat(64)}`;
const former = imageOf('healthy', '1');
const next = imageOf('healthy', '2');

const definitionOf = (image: string, cpu = '256') => ({
  family,
  cpu,
  memory: '512',
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
  containerDefinitions: [
    { name: 'game-service', image, essential: true, portMappings: [{ containerPort: 3000 }] },
  ],
});

let ecs: FakeEcs;
let host: EcsServiceHost;
let declared: Revision;
beforeEach(async () => {
  ecs = await FakeEcs.start(name, scriptedTasks);
  host = new EcsServiceHost(ecs.target, name);
  declared = ecs.declare(definitionOf(former));
});
afterEach(() => ecs.stop());

function deploy(image: string, changes: Partial<DeploymentRequest> = {}) {
  let now = 0;
  const clock = {
    now: () => now,
    sleep: async (milliseconds: number) => void (now += milliseconds),
  };
  return deployService(host, {
    service: 'game-service',
    environment: 'prod',
    image,
    timeoutSeconds: 60,
    clock,
    ...changes,
  });
}

const failure = async (image: string, changes: Partial<DeploymentRequest> = {}) =>
  deploy(image, changes).then(
    () => ({ code: 'none', message: 'nothing was thrown', rolledBackTo: undefined }),
    ({ code, message, rolledBackTo }: DeploymentError) => ({ code, message, rolledBackTo }),
  );
const changes = () =>
  ecs.calls.filter((operation) => /^(Register|Deregister|Update)/.test(operation));

describe('a deployment to a service that runs', () => {
  beforeEach(() => ecs.createService(declared));

  it('runs the image by its digest, with the settings of the task definition', async () => {
    await expect(deploy(next)).resolves.toMatchObject({ outcome: 'deployed', image: next });
    expect(ecs.runningImage).toBe(next);
    expect(ecs.revisions.at(-1)?.content).toEqual(definitionOf(next));
    await expect(runningImage(host, 'game-service')).resolves.toBe(next.split('@')[1]);
  });

  it('changes nothing if the image runs already', async () => {
    await expect(deploy(former)).resolves.toMatchObject({ outcome: 'unchanged' });
    await deploy(next);
    const before = changes().length;
    await expect(deploy(next)).resolves.toMatchObject({ outcome: 'unchanged' });
    expect(changes()).toHaveLength(before);
  });

  it('rolls out settings that CloudFormation declared meanwhile, without another revision', async () => {
    const changed = ecs.declare(definitionOf(former, '512'));
    await expect(deploy(former)).resolves.toMatchObject({
      outcome: 'deployed',
      definitionArn: changed.arn,
    });
    expect(changes()).toEqual(['UpdateService']);
  });

  it('does nothing if CloudFormation registers the image that runs once more', async () => {
    await deploy(next);
    ecs.declare(definitionOf(next));
    await expect(deploy(next)).resolves.toMatchObject({ outcome: 'unchanged' });
  });

  it('is rolled back if the tasks crash, and says what happened and what runs', async () => {
    const { code, message, rolledBackTo } = await failure(imageOf('crashing'));
    expect(code).toBe('DEPLOYMENT_UNHEALTHY');
    expect(rolledBackTo).toBe(former);
    expect(message).toContain(
      'The deployment of game-service to prod failed: ECS deployment circuit breaker',
    );
    expect(message).toContain('deployment failed: tasks failed to start.');
    expect(message).toContain(`Rolled back: game-service runs ${former} again.`);
    expect(message).toContain('nx run game-service:docker-rollback -c prod');
    expect(ecs.runningImage).toBe(former);
  });

  it('is rolled back if it never becomes healthy', async () => {
    const { code, message } = await failure(imageOf('never-ready'));
    expect(code).toBe('DEPLOYMENT_UNHEALTHY');
    expect(message).toContain('it did not become healthy within 60 seconds');
    expect(ecs.runningImage).toBe(former);
  });

  it.each(['crashing', 'never-ready'])(
    'leaves a healthy revision as the newest one after a %s image',
    async (kind) => {
      await failure(imageOf(kind));
      const active = ecs.revisions.filter(({ status }) => status === 'ACTIVE');
      expect(active.at(-1)).toBe(declared);
      await expect(deploy(former)).resolves.toMatchObject({ outcome: 'unchanged' });
    },
  );

  it('is refused while another one is in progress, and changes nothing', async () => {
    await host.rollOut(ecs.declare(definitionOf(imageOf('never-ready'))).arn);
    const before = changes().length;
    const { code, message } = await failure(next);
    expect(code).toBe('DEPLOYMENT_IN_PROGRESS');
    expect(message).toContain(imageOf('never-ready'));
    expect(changes()).toHaveLength(before);
  });

  it('that was interrupted is awaited by the next one of the same image', async () => {
    await host.rollOut(ecs.declare(definitionOf(next)).arn);
    await expect(deploy(next)).resolves.toMatchObject({ outcome: 'deployed' });
    expect(changes()).toEqual(['UpdateService']);
  });

  it('that was interrupted is rolled back by the next one of the same image', async () => {
    await host.rollOut(ecs.declare(definitionOf(imageOf('never-ready'))).arn);
    expect(await failure(imageOf('never-ready'))).toMatchObject({ code: 'DEPLOYMENT_UNHEALTHY' });
    expect(ecs.runningImage).toBe(former);
  });

  it('to another container than the one of the service is refused', async () => {
    const { code, message } = await failure(next, { service: 'web' });
    expect(code).toBe('CONTAINER_UNKNOWN');
    expect(message).toContain('only game-service');
    expect(changes()).toEqual([]);
  });

  it.each([
    [
      'RegisterTaskDefinition',
      'AccessDeniedException',
      'ACCESS_DENIED',
      'ecs:RegisterTaskDefinition',
    ],
    [
      'UpdateService',
      'ClusterNotFoundException',
      'SERVICE_NOT_DEPLOYED',
      'does not exist on Amazon ECS',
    ],
    [
      'UpdateService',
      'InvalidParameterException',
      'DEPLOYMENT_FAILED',
      'InvalidParameterException',
    ],
  ])('explains that %s was answered with %s', async (operation, error, code, text) => {
    ecs.refusals.set(operation, error);
    const failed = await failure(next);
    expect(failed.code).toBe(code);
    expect(failed.message).toContain(text);
    expect(ecs.runningImage).toBe(former);
    const active = ecs.revisions.filter(({ status }) => status === 'ACTIVE');
    expect(active).toEqual([declared]);
  });
});

describe('a deployment to a service that never became healthy', () => {
  it('says that there is nothing to return to', async () => {
    const revision = ecs.declare(definitionOf(imageOf('crashing')));
    await ecs.createService(revision);
    const { code, message } = await failure(imageOf('crashing', '3'));
    expect(code).toBe('DEPLOYMENT_UNHEALTHY');
    expect(message).toContain('There is no former revision to return to');
  });
});

it('a deployment to a service that does not exist names the fix', async () => {
  const { code, message } = await failure(next);
  expect(code).toBe('SERVICE_NOT_DEPLOYED');
  expect(message).toContain('nx run infra:deploy -c prod');
  expect(changes()).toEqual([]);
});
