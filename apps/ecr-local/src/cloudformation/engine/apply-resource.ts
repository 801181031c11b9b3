import { alreadyExists, ResourceError } from '../resources/resource-error';
import { type DesiredResource, type ResourceHandler } from '../resources/resource-handler';
import { type ResourceRecord, type StackTag } from '../stacks/stack-record';
import { type Json } from '../template/value';
import { compareResource } from './compare-resource';
import { type EngineDeps } from './engine-deps';
import { failureReason } from './failure';
import { type StackJournal } from './stack-journal';
import { type ResourceLookup, type TargetStack } from './target-stack';

export interface ApplyContext {
  readonly journal: StackJournal;
  readonly deps: EngineDeps;
  readonly target: TargetStack;
  readonly tagsChanged: boolean;
  readonly lookup: ResourceLookup;
  /** Ids of existing resources that become part of the stack, by logical id. */
  readonly imports: Readonly<Record<string, string>>;
}

type Properties = Record<string, Json>;

/** Brings one resource to its target. On failure the record and the events contain the reason, and the error is thrown. */
export async function applyResource(id: string, context: ApplyContext): Promise<void> {
  const { journal, deps, target, lookup } = context;
  const { resources } = journal.stack.current;
  const definition = target.definition(id);
  const handler = deps.handlers(definition.Type);
  const record = (resources[id] ??= newRecord(id, context));
  const imported = record.physicalId === undefined ? context.imports[id] : undefined;
  const verb =
    imported !== undefined ? 'IMPORT' : record.physicalId === undefined ? 'CREATE' : 'UPDATE';
  try {
    // Nothing is pending any more: what a resource refers to has been made before it.
    const properties = target.properties(id, lookup) as Properties;
    if (imported !== undefined) return await adopt(record, imported, properties, handler, context);
    if (verb === 'CREATE') return await create(record, properties, handler, context);
    const comparison = compareResource(
      record,
      definition,
      properties,
      handler,
      context.tagsChanged,
    );
    if (!comparison.changed) return;
    if (comparison.replacement === 'True') await replace(record, properties, handler, context);
    else await update(record, properties, handler, context);
  } catch (error) {
    journal.resourceStatus(
      resources[id] ?? record,
      `${verb}_FAILED`,
      failureReason(error, deps.newId()),
    );
    throw error;
  }
}

function newRecord(id: string, { deps, target, journal }: ApplyContext): ResourceRecord {
  return {
    logicalId: id,
    type: target.definition(id).Type,
    status: 'CREATE_IN_PROGRESS',
    updatedAt: deps.now(),
    operationId: journal.operationId,
    properties: {},
    attributes: {},
    ...policies(id, target),
  };
}

function policies(id: string, target: TargetStack) {
  const { DeletionPolicy, UpdateReplacePolicy, Metadata } = target.definition(id);
  return {
    deletionPolicy: DeletionPolicy,
    updateReplacePolicy: UpdateReplacePolicy,
    metadata: Metadata,
    dependsOn: target.dependencies(id),
  };
}

function desired(
  record: ResourceRecord,
  properties: Properties,
  journal: StackJournal,
): DesiredResource {
  const stackTags: readonly StackTag[] = journal.stack.current.tags;
  return {
    stackName: journal.stack.name,
    logicalId: record.logicalId,
    type: record.type,
    physicalId: record.physicalId ?? '',
    properties,
    stackTags,
  };
}

/** An existing resource becomes part of the stack as it is. Until it has, the stack must not delete it. */
async function adopt(
  record: ResourceRecord,
  physicalId: string,
  properties: Properties,
  handler: ResourceHandler,
  { journal, target }: ApplyContext,
) {
  journal.resourceStatus(record, 'IMPORT_IN_PROGRESS');
  const attributes = (await handler.attributes?.(physicalId)) ?? {};
  Object.assign(record, {
    physicalId,
    properties,
    attributes,
    ...policies(record.logicalId, target),
  });
  journal.resourceStatus(record, 'IMPORT_COMPLETE');
  await journal.save();
}

/** The id is saved before the resource is made: after a crash, the rollback finds it. */
async function create(
  record: ResourceRecord,
  properties: Properties,
  handler: ResourceHandler,
  context: ApplyContext,
) {
  const { journal } = context;
  journal.resourceStatus(record, 'CREATE_IN_PROGRESS');
  await make(record, properties, handler, context);
  journal.resourceStatus(record, 'CREATE_COMPLETE');
}

async function make(
  record: ResourceRecord,
  properties: Properties,
  handler: ResourceHandler,
  context: ApplyContext,
) {
  const { journal, target } = context;
  const physicalId = handler.physicalId(desired(record, properties, journal));
  if (await handler.exists(physicalId)) throw alreadyExists(record.type, physicalId);
  Object.assign(record, { physicalId, properties, ...policies(record.logicalId, target) });
  await journal.save();
  try {
    record.attributes = await handler.create(desired(record, properties, journal));
  } catch (error) {
    // It does not belong to the stack: a rollback must not delete it.
    if (error instanceof ResourceError && error.code === 'AlreadyExists')
      record.physicalId = undefined;
    throw error;
  }
}

async function update(
  record: ResourceRecord,
  properties: Properties,
  handler: ResourceHandler,
  context: ApplyContext,
) {
  const { journal, target } = context;
  journal.resourceStatus(record, 'UPDATE_IN_PROGRESS');
  await journal.save();
  const attributes = await handler.update(desired(record, properties, journal));
  Object.assign(record, { properties, attributes, ...policies(record.logicalId, target) });
  journal.resourceStatus(record, 'UPDATE_COMPLETE');
}

/** The new one is made first; the old one goes when the whole update has succeeded. */
async function replace(
  record: ResourceRecord,
  properties: Properties,
  handler: ResourceHandler,
  context: ApplyContext,
) {
  const { journal } = context;
  const { stack } = journal;
  refuseSameName(record, properties, handler, stack.name);
  journal.resourceStatus(
    record,
    'UPDATE_IN_PROGRESS',
    'Requested update requires the creation of a new physical resource; hence creating one.',
  );
  const replacement: ResourceRecord = { ...record, physicalId: undefined, attributes: {} };
  stack.cleanup.push({ ...record });
  stack.current.resources[record.logicalId] = replacement;
  await make(replacement, properties, handler, context);
  journal.resourceStatus(replacement, 'UPDATE_COMPLETE');
}

function refuseSameName(
  record: ResourceRecord,
  properties: Properties,
  { nameProperty }: ResourceHandler,
  stackName: string,
) {
  const name = nameProperty && properties[nameProperty];
  if (name === undefined || name !== record.physicalId) return;
  throw new ResourceError(
    'InvalidRequest',
    `CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename ${name} and update the stack ${stackName} again.`,
  );
}
