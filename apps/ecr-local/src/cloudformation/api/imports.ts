import { validationError } from '../../query/query-error';
import { type EngineDeps } from '../engine/engine-deps';
import { type Plan } from '../engine/plan-changes';
import { pendingResource } from '../engine/referable';
import { type TargetStack } from '../engine/target-stack';
import { type StackRecord } from '../stacks/stack-record';
import { parseTemplateBody } from '../template/parse-template';

/** The ids of existing resources that become part of a stack, by their logical ids. */
export type Imports = Readonly<Record<string, string>>;

export interface ResourceToImport {
  readonly ResourceType: string;
  readonly LogicalResourceId: string;
  readonly ResourceIdentifier: Readonly<Record<string, string>>;
}

interface ImportContext {
  readonly stack: StackRecord;
  readonly target: TargetStack;
  readonly templateBody: string;
  readonly deps: EngineDeps;
}

/**
 * The imports of a change set of the type IMPORT, checked.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources-manually.html
 */
export async function requestedImports(
  resources: readonly ResourceToImport[],
  context: ImportContext,
): Promise<Imports> {
  if (resources.length === 0) {
    throw validationError('ResourcesToImport must be specified for a change set of type IMPORT.');
  }
  const { templateBody } = context;
  const ids = resources.map(({ LogicalResourceId }) => LogicalResourceId);
  requireDeletionPolicies(templateBody, ids);
  const imports: Record<string, string> = {};
  for (const resource of resources) {
    imports[resource.LogicalResourceId] = await requestedImport(resource, context);
  }
  return imports;
}

async function requestedImport(
  { ResourceType, LogicalResourceId: id, ResourceIdentifier }: ResourceToImport,
  { stack, target, deps }: ImportContext,
): Promise<string> {
  if (!target.order.includes(id) || target.definition(id).Type !== ResourceType) {
    throw validationError(`The template has no resource ${id} of type ${ResourceType}.`);
  }
  if (stack.current.resources[id]) {
    throw validationError(`Resource ${id} is in stack ${stack.name} already.`);
  }
  const handler = deps.handlers(ResourceType);
  const { nameProperty: key } = handler;
  if (!handler.read || key === undefined) {
    throw validationError(
      `ResourceType ${ResourceType} cannot be imported: it is only recorded here.`,
    );
  }
  const physicalId = ResourceIdentifier[key];
  if (physicalId === undefined || Object.keys(ResourceIdentifier).length !== 1) {
    throw validationError(`The identifier of ${ResourceType} is ${key}.`);
  }
  const named = nameInTemplate(target, id, key);
  if (named !== undefined && named !== physicalId) {
    throw validationError(
      `The ${key} of ${id} is '${named}' in the template, and '${physicalId}' in its identifier.`,
    );
  }
  if (!(await handler.exists(physicalId))) {
    throw validationError(
      `Resource of type '${ResourceType}' with identifier '${physicalId}' was not found.`,
    );
  }
  requireUnowned(ResourceType, physicalId, deps);
  return physicalId;
}

/**
 * The imports of `ImportExistingResources`: new resources with a name under which one exists that no stack has.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources-automatically.html
 */
export async function existingImports({
  stack,
  target,
  deps,
}: Omit<ImportContext, 'templateBody'>): Promise<Imports> {
  const imports: Record<string, string> = {};
  for (const id of target.order) {
    const { Type } = target.definition(id);
    const { nameProperty, read, exists } = deps.handlers(Type);
    const isNew = stack.current.resources[id]?.physicalId === undefined;
    if (!isNew || !read || nameProperty === undefined) continue;
    const name = nameInTemplate(target, id, nameProperty);
    if (name === undefined || !(await exists(name))) continue;
    requireUnowned(Type, name, deps);
    imports[id] = name;
  }
  return imports;
}

/** Nothing but the import may change. */
export function requireOnlyImports({ changes }: Plan): void {
  const others = changes
    .filter(({ action }) => action !== 'Import')
    .map(({ logicalId }) => logicalId);
  if (others.length === 0) return;
  throw validationError(
    `You have modified resources [${others.join(', ')}] in your template that are not being imported. ` +
      'Update, create or delete operations cannot be executed during import operations.',
  );
}

function requireDeletionPolicies(templateBody: string, ids: readonly string[]): void {
  const { Resources } = parseTemplateBody(templateBody) as {
    readonly Resources?: Readonly<Record<string, { readonly DeletionPolicy?: unknown }>>;
  };
  const missing = ids.filter((id) => Resources?.[id] && Resources[id].DeletionPolicy === undefined);
  if (missing.length === 0) return;
  throw validationError(
    `Following resources to import [${missing.join(', ')}] must have DeletionPolicy attribute specified in the template.`,
  );
}

/** A name that depends on other resources is not known yet. */
function nameInTemplate(target: TargetStack, id: string, property: string): string | undefined {
  const value = target.properties(id, pendingResource)[property];
  return typeof value === 'string' ? value : undefined;
}

function requireUnowned(type: string, physicalId: string, { store }: EngineDeps): void {
  const owner = store
    .live()
    .find(({ current }) =>
      Object.values(current.resources).some(
        (resource) => resource.type === type && resource.physicalId === physicalId,
      ),
    );
  if (!owner) return;
  throw validationError(
    `${type} with identifier ${physicalId} already exists in stack ${owner.id}`,
  );
}
