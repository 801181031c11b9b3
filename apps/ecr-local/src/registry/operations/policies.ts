import { parseLifecyclePolicy } from '@typerush/image-registry';
import { z } from 'zod';
import { JsonError, parseJson } from '../../input/bounded-json';
import { addressed, refOf } from '../addressed';
import { type EcrService } from '../ecr-service';
import { invalidParameter } from '../refusals';
import { type Registry } from '../registry';
import { type Repository } from '../repository';
import { inRepository, operation } from '../requests';

type PolicyOperation =
  | 'putLifecyclePolicy'
  | 'getLifecyclePolicy'
  | 'deleteLifecyclePolicy'
  | 'setRepositoryPolicy'
  | 'getRepositoryPolicy'
  | 'deleteRepositoryPolicy';

const ofRepository = z.strictObject(inRepository);
const putLifecycleSchema = z.strictObject({ ...inRepository, lifecyclePolicyText: z.string() });
const setPolicySchema = z.strictObject({
  ...inRepository,
  policyText: z.string().max(10_240, 'Member must have length less than or equal to 10240'),
  force: z.boolean().optional(),
});

export function policyOperations(registry: Registry): Pick<EcrService, PolicyOperation> {
  const { repositories, refusals } = registry;
  const lifecycleAnswer = (repository: Repository, lifecyclePolicyText: string) => ({
    ...refOf(registry, repository),
    lifecyclePolicyText,
  });
  const policyAnswer = (repository: Repository, policyText: string) => ({
    ...refOf(registry, repository),
    policyText,
  });
  const lifecycleOf = ({ name, lifecyclePolicy }: Repository): string => {
    if (lifecyclePolicy === undefined) throw refusals.lifecyclePolicyNotFound(name);
    return lifecyclePolicy;
  };
  const policyOf = ({ name, policy }: Repository): string => {
    if (policy === undefined) throw refusals.repositoryPolicyNotFound(name);
    return policy;
  };
  return {
    putLifecyclePolicy: operation(putLifecycleSchema, async (request) => {
      const { name } = addressed(registry, request);
      const lifecyclePolicy = request.lifecyclePolicyText;
      refuseBadLifecycle(lifecyclePolicy);
      const changed = await repositories.update(name, (current) => ({
        ...current,
        lifecyclePolicy,
      }));
      return lifecycleAnswer(changed, lifecyclePolicy);
    }),
    getLifecyclePolicy: operation(ofRepository, (request) => {
      const repository = addressed(registry, request);
      return lifecycleAnswer(repository, lifecycleOf(repository));
    }),
    deleteLifecyclePolicy: operation(ofRepository, async (request) => {
      let deleted = '';
      const changed = await repositories.update(addressed(registry, request).name, (current) => {
        deleted = lifecycleOf(current);
        return { ...current, lifecyclePolicy: undefined };
      });
      return lifecycleAnswer(changed, deleted);
    }),
    setRepositoryPolicy: operation(setPolicySchema, async (request) => {
      const { name } = addressed(registry, request);
      const policy = request.policyText;
      refuseBadPolicy(policy);
      const changed = await repositories.update(name, (current) => ({ ...current, policy }));
      return policyAnswer(changed, policy);
    }),
    getRepositoryPolicy: operation(ofRepository, (request) => {
      const repository = addressed(registry, request);
      return policyAnswer(repository, policyOf(repository));
    }),
    deleteRepositoryPolicy: operation(ofRepository, async (request) => {
      let deleted = '';
      const changed = await repositories.update(addressed(registry, request).name, (current) => {
        deleted = policyOf(current);
        return { ...current, policy: undefined };
      });
      return policyAnswer(changed, deleted);
    }),
  };
}

/** What is merely unwise ECR takes, and so it is taken here. */
function refuseBadLifecycle(text: string): void {
  readPolicy('LifecyclePolicyText', text, 'Lifecycle policy validation failure: the policy');
  const parsed = parseLifecyclePolicy(text);
  if ('policy' in parsed) return;
  throw invalidParameter(
    'LifecyclePolicyText',
    `Lifecycle policy validation failure: ${parsed.rejections[0]?.message}`,
  );
}

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html */
const policyDocumentSchema = z.object({
  Statement: z
    .union([z.array(z.looseObject({})).min(1), z.looseObject({}).transform((one) => [one])])
    .pipe(
      z.array(
        z.looseObject({
          Effect: z.enum(['Allow', 'Deny']),
          Principal: z.union([z.literal('*'), z.looseObject({})]).optional(),
          NotPrincipal: z.looseObject({}).optional(),
          Action: z.union([z.string(), z.array(z.string()).min(1)]).optional(),
          NotAction: z.union([z.string(), z.array(z.string()).min(1)]).optional(),
        }),
      ),
    ),
});

/** A repository policy's shape; what its principals and actions mean is not judged. */
function refuseBadPolicy(text: string): void {
  const document = readPolicy('PolicyText', text, 'Invalid repository policy provided: it');
  const result = policyDocumentSchema.safeParse(document);
  const complete = result.data?.Statement.every(
    (statement) =>
      (statement.Principal ?? statement.NotPrincipal) !== undefined &&
      (statement.Action ?? statement.NotAction) !== undefined,
  );
  if (!complete) {
    throw invalidParameter('PolicyText', 'Invalid repository policy provided');
  }
}

function readPolicy(parameter: string, text: string, subject: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw invalidParameter(parameter, `${subject} ${error.message}`);
  }
}
