import { ecrActions, type Policy, PolicyError } from '@typerush/image-registry';
import { pushTemplateFor } from '../registry/create-from-template';
import { type Registry, repositoryArn } from '../registry/registry';
import { parsePolicy } from '../registry/resource-policy';
import { type AccessControl, type WantedAccess } from './access-control';
import { AccessError } from './access-error';
import { type Identity } from './identity';

export interface EcrAccess {
  readonly identity: Identity;
  readonly registry: Registry;
  readonly sourceIp: string | undefined;
}

type Context = Readonly<Record<string, readonly string[]>>;

/** Checks one action on a repository, which need not exist. @throws AccessError */
export function authorizeRepository(
  access: AccessControl,
  { identity, registry, sourceIp }: EcrAccess,
  action: string,
  name: string,
  more: Context = {},
): void {
  if (!access.identities) return;
  access.authorize(identity, accessToRepository({ registry, sourceIp }, action, name, more));
}

/** One action on a repository, which need not exist. @throws AccessError if its policy cannot be evaluated */
export function accessToRepository(
  { registry, sourceIp }: Omit<EcrAccess, 'identity'>,
  action: string,
  name: string,
  more: Context = {},
): WantedAccess {
  const { policy, resourceTags } = resourceOf(registry, action, name);
  const tags = Object.fromEntries(
    resourceTags.flatMap(({ Key, Value }) => [
      [`aws:ResourceTag/${Key}`, [Value]],
      [`ecr:ResourceTag/${Key}`, [Value]],
    ]),
  ) as Context;
  return {
    action,
    resource: repositoryArn(registry, name),
    location: registry,
    sourceIp,
    resourcePolicies: [
      ...readPolicies('repository', policy),
      ...readPolicies('registry', registry.configuration.get().policy),
    ],
    context: { ...tags, ...more },
  };
}

/** Of a push. https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html */
const pushActions: ReadonlySet<string> = new Set([
  'ecr:BatchCheckLayerAvailability',
  'ecr:BatchGetImage',
  'ecr:CompleteLayerUpload',
  'ecr:InitiateLayerUpload',
  'ecr:PutImage',
  'ecr:UploadLayerPart',
]);

/**
 * The policy and the tags of a repository. A push that creates it is checked as if it had been created, so that a denied
 * one creates nothing; ECR leaves an empty repository then: https://github.com/aws/containers-roadmap/issues/853
 */
function resourceOf(registry: Registry, action: string, name: string) {
  const repository = registry.repositories.find(name);
  if (repository) return repository;
  const template = pushActions.has(action) ? pushTemplateFor(registry, name) : undefined;
  return { policy: template?.repositoryPolicy, resourceTags: template?.resourceTags ?? [] };
}

/** A policy that was stored by a version that did not evaluate it may be one that cannot be. */
function readPolicies(kind: 'repository' | 'registry', text: string | undefined): Policy[] {
  if (text === undefined) return [];
  try {
    return [parsePolicy(kind, text)];
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    throw new AccessError(
      'DENIED',
      `Access is denied since the policy of the ${kind} cannot be evaluated: ${error.message}. Set it again.`,
    );
  }
}

/** The parts of an operation's input that say what it is about. */
interface OperationInput {
  readonly repositoryName?: string;
  readonly repositoryNames?: readonly string[];
  readonly resourceArn?: string;
  readonly tags?: readonly { readonly Key: string; readonly Value?: string }[];
  readonly tagKeys?: readonly string[];
}

/** Checks an operation of the ECR API on all that it is about. @throws AccessError */
export function authorizeOperation(
  access: AccessControl,
  ecr: EcrAccess,
  operation: string,
  input: OperationInput,
): void {
  if (!access.identities) return;
  const action = `ecr:${operation}`;
  const { identity, registry, sourceIp } = ecr;
  const context = requestTags(input);
  if (ecrActions.get(action) !== 'repository') {
    access.authorize(identity, { action, resource: '*', location: registry, sourceIp, context });
    return;
  }
  for (const name of repositoriesOf(registry, input)) {
    authorizeRepository(access, ecr, action, name, context);
    // https://docs.aws.amazon.com/AmazonECR/latest/userguide/supported-iam-actions-tagging.html
    if (operation === 'CreateRepository' && input.tags?.length) {
      authorizeRepository(access, ecr, 'ecr:TagResource', name, context);
    }
  }
}

/** An operation that names none is about all. */
function repositoriesOf(registry: Registry, input: OperationInput): readonly string[] {
  const { repositoryName, repositoryNames, resourceArn } = input;
  if (repositoryName !== undefined) return [repositoryName];
  if (repositoryNames?.length) return repositoryNames;
  const prefix = repositoryArn(registry, '');
  if (resourceArn?.startsWith(prefix)) return [resourceArn.slice(prefix.length)];
  return ['*'];
}

function requestTags({ tags, tagKeys }: OperationInput): Context {
  const keys = tagKeys ?? tags?.map(({ Key }) => Key) ?? [];
  if (keys.length === 0) return {};
  const values = (tags ?? []).map(({ Key, Value }) => [`aws:RequestTag/${Key}`, [Value ?? '']]);
  return { 'aws:TagKeys': keys, ...(Object.fromEntries(values) as Context) };
}
