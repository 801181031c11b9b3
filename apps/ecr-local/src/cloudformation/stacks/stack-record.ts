import { z } from 'zod';
import { type Json } from '../template/value';

const date = z.coerce.date();
const json = z.custom<Json>((value) => value !== undefined);

const tag = z.object({ Key: z.string(), Value: z.string() });

const resource = z.object({
  logicalId: z.string(),
  type: z.string(),
  physicalId: z.string().optional(),
  status: z.string(),
  statusReason: z.string().optional(),
  updatedAt: date,
  /** The operation that last touched it. */
  operationId: z.string(),
  /** As they were last applied, every function evaluated. */
  properties: z.record(z.string(), json),
  /** Attributes that only the service knows. */
  attributes: z.record(z.string(), z.string()),
  metadata: json.optional(),
  deletionPolicy: z.string(),
  updateReplacePolicy: z.string(),
  dependsOn: z.array(z.string()),
});

const output = z.object({
  key: z.string(),
  value: z.string(),
  description: z.string().optional(),
  exportName: z.string().optional(),
});

const parameter = z.object({ key: z.string(), value: z.string(), noEcho: z.boolean() });

/** What an update changes and a rollback brings back. */
const state = z.object({
  templateBody: z.string(),
  description: z.string().optional(),
  parameters: z.array(parameter),
  capabilities: z.array(z.string()),
  tags: z.array(tag),
  outputs: z.array(output),
  /** Names of the exports that the stack imports. */
  imports: z.array(z.string()),
  /** By logical id, each after what it depends on. */
  resources: z.record(z.string(), resource),
});

const event = z.object({
  id: z.string(),
  at: date,
  logicalId: z.string(),
  physicalId: z.string().optional(),
  type: z.string(),
  status: z.string(),
  reason: z.string().optional(),
  properties: z.string().optional(),
  token: z.string().optional(),
  operationId: z.string(),
});

const propertyChange = z.object({
  name: z.string(),
  attribute: z.enum(['Properties', 'Metadata', 'DeletionPolicy', 'UpdateReplacePolicy', 'Tags']),
  requiresRecreation: z.enum(['Never', 'Always']),
  /** Its value depends on a resource that is yet to be made. */
  dynamic: z.boolean(),
  before: z.string().optional(),
  after: z.string().optional(),
});

const change = z.object({
  action: z.enum(['Add', 'Modify', 'Remove']),
  logicalId: z.string(),
  type: z.string(),
  physicalId: z.string().optional(),
  replacement: z.enum(['True', 'False', 'Conditional']).optional(),
  policyAction: z
    .enum([
      'Delete',
      'Retain',
      'ReplaceAndDelete',
      'ReplaceAndRetain',
      'Snapshot',
      'ReplaceAndSnapshot',
    ])
    .optional(),
  details: z.array(propertyChange),
  beforeContext: z.string().optional(),
  afterContext: z.string().optional(),
});

const difference = z.object({
  path: z.string(),
  kind: z.enum(['ADD', 'REMOVE', 'NOT_EQUAL']),
  expected: z.string(),
  actual: z.string(),
});

const resourceDrift = z.object({
  logicalId: z.string(),
  physicalId: z.string(),
  type: z.string(),
  status: z.enum(['IN_SYNC', 'MODIFIED', 'DELETED']),
  at: date,
  /** JSON */
  expected: z.string(),
  actual: z.string().optional(),
  differences: z.array(difference),
});

/** The last detection of drift. */
const drift = z.object({
  id: z.string(),
  at: date,
  status: z.enum(['IN_SYNC', 'DRIFTED']),
  resources: z.array(resourceDrift),
});

const changeSet = z.object({
  id: z.string(),
  name: z.string(),
  type: z.enum(['CREATE', 'UPDATE']),
  description: z.string().optional(),
  createdAt: date,
  status: z.enum(['CREATE_COMPLETE', 'FAILED']),
  statusReason: z.string().optional(),
  executionStatus: z.enum(['AVAILABLE', 'UNAVAILABLE', 'EXECUTE_FAILED', 'OBSOLETE']),
  onStackFailure: z.enum(['DO_NOTHING', 'ROLLBACK', 'DELETE']).optional(),
  roleArn: z.string().optional(),
  templateBody: z.string(),
  parameters: z.array(parameter),
  capabilities: z.array(z.string()),
  tags: z.array(tag),
  notificationArns: z.array(z.string()),
  /** Its changes are from the actual state of the resources. */
  revertsDrift: z.boolean().optional(),
  changes: z.array(change),
});

export const stackRecord = z.object({
  id: z.string(),
  name: z.string(),
  status: z.string(),
  statusReason: z.string().optional(),
  createdAt: date,
  updatedAt: date.optional(),
  deletedAt: date.optional(),
  terminationProtection: z.boolean(),
  disableRollback: z.boolean(),
  retainExceptOnCreate: z.boolean(),
  roleArn: z.string().optional(),
  notificationArns: z.array(z.string()),
  current: state,
  /** The last good state, while an operation has not reached a new one. */
  previous: state.optional(),
  /** Replaced and removed resources that are still to be deleted. */
  cleanup: z.array(resource),
  /** Newest last. */
  events: z.array(event),
  changeSets: z.array(changeSet),
  drift: drift.optional(),
});

export type StackRecord = z.infer<typeof stackRecord>;
export type StackDrift = z.infer<typeof drift>;
export type ResourceDrift = z.infer<typeof resourceDrift>;
export type StackState = z.infer<typeof state>;
export type ResourceRecord = z.infer<typeof resource>;
export type StackOutput = z.infer<typeof output>;
export type StackParameter = z.infer<typeof parameter>;
export type StackEvent = z.infer<typeof event>;
export type StackTag = z.infer<typeof tag>;
export type ChangeSet = z.infer<typeof changeSet>;
export type ResourceChange = z.infer<typeof change>;
export type PropertyChange = z.infer<typeof propertyChange>;

export const emptyState: StackState = {
  templateBody: '',
  parameters: [],
  capabilities: [],
  tags: [],
  outputs: [],
  imports: [],
  resources: {},
};
