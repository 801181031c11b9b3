import {
  CreateRepositoryCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
  SetRepositoryPolicyCommand,
} from '@aws-sdk/client-ecr';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { createMemoryStorage } from '../../storage/memory/memory-storage';
import { type LocalServer, startLocalServer } from '../../test/local-server';
import { pushSample } from '../../test/sample-images';
import { readPrincipalsFile } from '../principals-file';
import {
  account,
  allowing,
  credentialsOf,
  otherAccount,
  user,
  writePrincipals,
} from './principals';

export const region = 'ap-southeast-1';
export const repositoryName = 'team/app';
export const arnOf = (name: string, of = account) =>
  `arn:aws:ecr:${region}:${of}:repository/${name}`;
export const userArn = (name: string, of = account) => `arn:aws:iam::${of}:user/${name}`;
export const roleArn = (name: string) => `arn:aws:iam::${account}:role/${name}`;
const trusting = (...AWS: string[]) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole' }],
});
export const pullOnly = [
  'ecr:BatchGetImage',
  'ecr:GetDownloadUrlForLayer',
  'ecr:BatchCheckLayerAvailability',
];

export const principals = [
  user('admin', [allowing('*')]),
  user('nobody', []),
  user('login', [allowing('ecr:GetAuthorizationToken')]),
  user('puller', [allowing(['ecr:GetAuthorizationToken', ...pullOnly])]),
  user(
    'tagger',
    [
      allowing('ecr:CreateRepository'),
      {
        Version: '2012-10-17',
        Statement: {
          Effect: 'Allow',
          Action: ['ecr:TagResource', 'ecr:PutImageTagMutability', 'ecr:ListTagsForResource'],
          Resource: '*',
          Condition: { StringEquals: { 'aws:ResourceTag/team': '${aws:PrincipalTag/team}' } },
        },
      },
    ],
    { tags: { team: 'game' } },
  ),
  user('bounded', [allowing('*')], { permissionsBoundary: allowing('ecr:Describe*') }),
  user('outsider', [allowing('*')], {}, otherAccount),
  user('stranger', [], {}, otherAccount),
  {
    arn: roleArn('ci/push'),
    trustPolicy: trusting(userArn('nobody'), userArn('outsider', otherAccount)),
    policies: [allowing('ecr:*', arnOf('team/*')), allowing('ecr:GetAuthorizationToken')],
  },
];

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export const denial = (
  who: string,
  action: string,
  resource: string,
  reason = `because no identity-based policy allows the ${action} action`,
) => ({
  name: 'AccessDeniedException',
  message: `User: ${who} is not authorized to perform: ${action} on resource: ${resource} ${reason}`,
});

/** An ecr-local that controls access, with an image in `repositoryName`. */
export async function startControlledServer() {
  const storage = createMemoryStorage(() => new Date());
  let server: LocalServer;
  const start = async (list: readonly object[] = principals) => {
    const file = await writePrincipals(list, { organizations: { 'o-a1b2c3d4e5': [otherAccount] } });
    server = await startLocalServer({ storage, principals: await readPrincipalsFile(file) });
  };
  await start();
  const options = (credentials: Credentials) => ({
    endpoint: server.url,
    region,
    credentials,
    maxAttempts: 1,
  });
  const ecrOf = (who: string | Credentials) =>
    new ECRClient(options(typeof who === 'string' ? credentialsOf(who) : who));
  const stsOf = (who: string | Credentials) =>
    new STSClient(options(typeof who === 'string' ? credentialsOf(who) : who));

  const loginOf = async (who: string | Credentials, registryIds?: string[]) => {
    const { authorizationData } = await ecrOf(who).send(
      new GetAuthorizationTokenCommand({ registryIds }),
    );
    return `Basic ${authorizationData?.[0]?.authorizationToken}`;
  };
  const protocolOf = async (who: string | Credentials, registryIds?: string[]) => {
    const authorization = await loginOf(who, registryIds);
    return (path: string, init?: RequestInit) =>
      fetch(`${server.url}${path}`, { ...init, headers: { authorization, ...init?.headers } });
  };
  const assume = async (who: string | Credentials, role: string, more: object = {}) => {
    const command = new AssumeRoleCommand({
      RoleArn: roleArn(role),
      RoleSessionName: 'me',
      ...more,
    });
    const { Credentials: made } = await stsOf(who).send(command);
    return {
      accessKeyId: made?.AccessKeyId ?? '',
      secretAccessKey: made?.SecretAccessKey ?? '',
      sessionToken: made?.SessionToken ?? '',
    };
  };
  const setPolicy = (Statement: object, name = repositoryName) =>
    ecrOf('admin').send(
      new SetRepositoryPolicyCommand({
        repositoryName: name,
        policyText: JSON.stringify({ Version: '2012-10-17', Statement }),
      }),
    );

  await ecrOf('admin').send(new CreateRepositoryCommand({ repositoryName }));
  await pushSample(await protocolOf('admin'), repositoryName, 'v1');
  return {
    ecrOf,
    stsOf,
    loginOf,
    protocolOf,
    assume,
    setPolicy,
    url: () => server.url,
    unsigned: () => server.ecr,
    passHours: (hours: number) => server.passHours(hours),
    restart: async (list?: readonly object[]) => {
      await server.close();
      await start(list);
    },
    close: () => server.close(),
  };
}

export type ControlledServer = Awaited<ReturnType<typeof startControlledServer>>;
