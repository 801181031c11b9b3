import { randomUUID } from 'node:crypto';
import { type Identity } from '../../access/identity';
import { type QueryValue } from '../../query/form-parameters';
import { type DocumentStore } from '../../storage/document-store';
import { createMemoryDocuments } from '../../storage/memory/memory-storage';
import {
  createCloudFormationService,
  createResourceHandlers,
  recoverStacks,
} from '../cloudformation-service';
import { type EngineDeps } from '../engine/engine-deps';
import { type StackRecord } from '../stacks/stack-record';
import { StackStore } from '../stacks/stack-store';
import { fakeRegistry } from './fake-registry';

/** CloudFormation does not ask who calls: that was checked before. */
const nobody: Identity = {
  caller: { kind: 'user', account: '000000000000', arn: '' },
  userId: '',
  policies: { identity: [] },
  reference: '',
};

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
export const location = { accountId: '000000000000', region: 'ap-southeast-1' };

/** CloudFormation over a fake registry, called below its protocol. Give it another's documents to restart that one. */
export async function startCloudFormation({
  registry = fakeRegistry(),
  documents = createMemoryDocuments() as DocumentStore,
  log = silent as EngineDeps['log'],
} = {}) {
  const store = await StackStore.open(documents, location);
  const handlers = createResourceHandlers({ ecr: registry, location, newId: randomUUID });
  const deps = { store, handlers, location, now: () => new Date(), newId: randomUUID, log };
  await recoverStacks(deps);
  const { actions } = createCloudFormationService(deps);

  const call = async (action: string, parameters: Record<string, QueryValue>) => {
    const run = actions[action];
    if (!run) throw new Error(`no action ${action}`);
    return (await run(parameters, nobody)) as Record<string, QueryValue>;
  };
  const stack = (name: string): StackRecord => {
    const found = store.find(name) ?? store.all().findLast((candidate) => candidate.name === name);
    if (!found) throw new Error(`no stack ${name}`);
    return found;
  };
  return {
    registry,
    documents,
    store,
    call,
    stack,
    create: (name: string, template: object | string, more: Record<string, QueryValue> = {}) =>
      call('CreateStack', { ...request(name, template), ...more }),
    update: (name: string, template: object | string, more: Record<string, QueryValue> = {}) =>
      call('UpdateStack', { ...request(name, template), ...more }),
    remove: (name: string) => call('DeleteStack', { StackName: name }),
    reasons: (name: string) =>
      stack(name).events.map(({ status, logicalId, reason }) =>
        `${logicalId} ${status} ${reason ?? ''}`.trim(),
      ),
  };
}

function request(name: string, template: object | string): Record<string, QueryValue> {
  return {
    StackName: name,
    TemplateBody: typeof template === 'string' ? template : JSON.stringify(template),
    Capabilities: ['CAPABILITY_NAMED_IAM'],
  };
}

export const repository = (name: string, properties: object = {}, attributes: object = {}) => ({
  Type: 'AWS::ECR::Repository',
  Properties: { RepositoryName: name, ...properties },
  ...attributes,
});
