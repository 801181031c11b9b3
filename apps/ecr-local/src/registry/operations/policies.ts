import { parseLifecyclePolicy } from '@typerush/image-registry';
import { z } from 'zod';
import { JsonError, parseJson } from '../../input/bounded-json';
import { addressed, refOf } from '../addressed';
import { type EcrService } from '../ecr-service';
import { invalidParameter } from '../refusals';
import { type Registry } from '../registry';
import { type Repository } from '../repository';
import { checkResourcePolicy } from '../resource-policy';
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
  policyText: z.string().max(10_240),
  force: z.boolean().optional(),
});

export function policyOperations(registry: Registry): Pick<EcrService, PolicyOperation> {
  const { repositories, refusals } = registry;
  // For a policy that was never applied, ECR answers the start of time.
  const evaluationOf = ({ lifecycleEvaluatedAt }: Repository) => ({
    lastEvaluatedAt: new Date(lifecycleEvaluatedAt ?? 0),
  });
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
        lifecycleSetAt: registry.clock().toISOString(),
        lifecycleEvaluatedAt: undefined,
      }));
      return lifecycleAnswer(changed, lifecyclePolicy);
    }),
    getLifecyclePolicy: operation(ofRepository, (request) => {
      const repository = addressed(registry, request);
      return {
        ...lifecycleAnswer(repository, lifecycleOf(repository)),
        ...evaluationOf(repository),
      };
    }),
    deleteLifecyclePolicy: operation(ofRepository, async (request) => {
      let deleted = '';
      let evaluation = { lastEvaluatedAt: new Date(0) };
      const changed = await repositories.update(addressed(registry, request).name, (current) => {
        deleted = lifecycleOf(current);
        evaluation = evaluationOf(current);
        return { ...current, lifecyclePolicy: undefined };
      });
      return { ...lifecycleAnswer(changed, deleted), ...evaluation };
    }),
    setRepositoryPolicy: operation(setPolicySchema, async (request) => {
      const { name } = addressed(registry, request);
      const policy = request.policyText;
      checkResourcePolicy('repository', policy);
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
export function refuseBadLifecycle(text: string): void {
  const failure = lifecycleFailure(text);
  if (failure === undefined) return;
  throw invalidParameter('LifecyclePolicyText', `Lifecycle policy validation failure: ${failure}`);
}

function lifecycleFailure(text: string): string | undefined {
  try {
    parseJson(text);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    return `The policy ${error.message}`;
  }
  const parsed = parseLifecyclePolicy(text);
  return 'policy' in parsed ? undefined : parsed.rejections[0]?.message;
}
