import { ImageRegistryError } from '@typerush/image-registry';
import { type DataStore, type RunService, type RunSettings } from './run-settings';

const gigabytes = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, nth) => (from + nth) * 1024);

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size, in MB. */
const memoryOfCpu: Readonly<Record<number, readonly number[]>> = {
  256: [512, ...gigabytes(1, 2)],
  512: gigabytes(1, 4),
  1024: gigabytes(2, 8),
  2048: gigabytes(4, 16),
  4096: gigabytes(8, 30),
};

const id = (prefix: string) => new RegExp(`^${prefix}-[0-9a-f]{8}([0-9a-f]{9})?$`);
const variable = /^[A-Za-z_][A-Za-z0-9_]*$/;
// With the name of a key in the secret, if one is given: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
const secretArn =
  /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+-[A-Za-z0-9]{6}(:[\w.-]*:[\w.-]*:[\w-]*)?$/;
const certificateArn = /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[0-9a-f-]+$/;

/** Settings of `run` that AWS would reject, or that would not work as intended. `message` lists all problems. */
export class RunDefinitionError extends ImageRegistryError {
  readonly code = 'RUN_SETTINGS';
}

/** @throws RunDefinitionError with all problems */
export function assertRunSettings(settings: RunSettings, services: readonly RunService[]): void {
  const wrong = [
    ...networkProblems(settings),
    ...(certificateArn.test(settings.certificateArn)
      ? []
      : [`invalid certificateArn "${settings.certificateArn}", expected the ARN of a certificate`]),
    ...(settings.dataStores ?? []).flatMap(storeProblems),
    ...servicesProblems(services),
  ];
  if (wrong.length === 0) return;
  throw new RunDefinitionError(
    ['The services of "run" cannot be created:', ...wrong.map((each) => `  - ${each}`)].join('\n'),
  );
}

function networkProblems({ network }: RunSettings): string[] {
  const wrong: string[] = [];
  const [, bits] = /^(?:\d{1,3}\.){3}\d{1,3}\/(\d{1,2})$/.exec(network.cidr) ?? [];
  if (bits === undefined || Number(bits) < 16 || Number(bits) > 24) {
    wrong.push(
      `invalid cidr "${network.cidr}", expected a range of 16 to 24 bits, like 10.0.0.0/16`,
    );
  }
  if (!('vpcId' in network)) return wrong;
  if (!id('vpc').test(network.vpcId)) wrong.push(`invalid vpcId "${network.vpcId}"`);
  for (const name of ['publicSubnetIds', 'privateSubnetIds'] as const) {
    const ids = network[name];
    if (new Set(ids).size < 2) wrong.push(`${name} needs two subnets in different zones`);
    for (const each of ids) {
      if (!id('subnet').test(each)) wrong.push(`${name}: invalid id "${each}"`);
    }
  }
  return wrong;
}

function storeProblems({ securityGroupId, port }: DataStore): string[] {
  return [
    ...(id('sg').test(securityGroupId) ? [] : [`dataStores: invalid id "${securityGroupId}"`]),
    ...(Number.isInteger(port) && port > 0 && port < 65536
      ? []
      : [`dataStores: invalid port ${port}, expected 1 to 65535`]),
  ];
}

function servicesProblems(services: readonly RunService[]): string[] {
  const names = new Set(services.map(({ name }) => name));
  const open = services.filter((each) => each.public).map(({ name }) => name);
  return [
    ...(open.length === 1
      ? []
      : [`one service has to be public, and ${open.join(' and ') || 'none'} is`]),
    ...services.flatMap((service) =>
      serviceProblems(service, names).map((problem) => `${service.name}: ${problem}`),
    ),
  ];
}

function serviceProblems(service: RunService, names: ReadonlySet<string>): string[] {
  const { calls = {}, secrets = {}, variables = {} } = service;
  const all = [...Object.keys(variables), ...Object.keys(secrets), ...Object.keys(calls)];
  return [
    ...sizeProblems(service),
    ...all.filter((name) => !variable.test(name)).map((name) => `invalid variable "${name}"`),
    ...all
      .filter((name, nth) => all.indexOf(name) !== nth)
      .map((name) => `the variable ${name} is set twice`),
    ...Object.entries(secrets)
      .filter(([, arn]) => !secretArn.test(arn))
      .map(([name]) => `secrets.${name} is not the ARN of a secret with its six random characters`),
    ...Object.values(calls)
      .filter((name) => !names.has(name) || name === service.name)
      .map((name) => `calls names "${name}", which is not another service of "run"`),
  ];
}

function sizeProblems({ cpu = 256, memoryMb = 512, tasks }: RunService): string[] {
  const allowed = memoryOfCpu[cpu];
  const wrong: string[] = [];
  if (!allowed) {
    wrong.push(`invalid cpu ${cpu}, expected one of ${Object.keys(memoryOfCpu).join(', ')}`);
  } else if (!allowed.includes(memoryMb)) {
    wrong.push(
      `invalid memoryMb ${memoryMb}: with ${cpu} CPU units, Fargate has ${allowed.join(', ')}`,
    );
  }
  if (tasks && !(Number.isInteger(tasks.min) && tasks.min >= 1 && tasks.max >= tasks.min)) {
    wrong.push('tasks needs whole numbers, min at least 1 and max at least min');
  }
  return wrong;
}
