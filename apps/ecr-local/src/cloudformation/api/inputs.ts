import { z } from 'zod';
import { flag, list } from '../../query/query-service';

const stackName = z.string().min(1, 'must not be empty');
const newStackName = z
  .string()
  .regex(
    /^(arn:.+|[a-zA-Z][-a-zA-Z0-9]{0,127})$/,
    'must start with a letter and hold letters, digits and hyphens alone, at most 128',
  );
const changeSetName = z
  .string()
  .regex(
    /^(arn:.+|[a-zA-Z][-a-zA-Z0-9]{0,127})$/,
    'must start with a letter and hold letters, digits and hyphens alone, at most 128',
  );
const token = z.string().max(128).optional();
const nextToken = z.string().optional();

/** What CreateStack, UpdateStack and CreateChangeSet share. */
const preparation = z.object({
  StackName: newStackName,
  TemplateBody: z.string().optional(),
  TemplateURL: z.string().optional(),
  UsePreviousTemplate: flag.default(false),
  Parameters: list(
    z.object({
      ParameterKey: z.string(),
      ParameterValue: z.string().optional(),
      UsePreviousValue: flag.default(false),
    }),
  ).default([]),
  Capabilities: list(z.string()).default([]),
  RoleARN: z.string().optional(),
  NotificationARNs: list(z.string()).default([]),
  Tags: list(z.object({ Key: z.string().min(1).max(128), Value: z.string().max(256) }))
    .pipe(z.array(z.object({ Key: z.string(), Value: z.string() })).max(50))
    .optional(),
});

export type Preparation = z.infer<typeof preparation>;

const onFailure = z.enum(['DO_NOTHING', 'ROLLBACK', 'DELETE']).optional();
const retainExceptOnCreate = flag.default(false);

export const createStackInput = preparation.extend({
  ClientRequestToken: token,
  DisableRollback: flag.default(false),
  OnFailure: onFailure,
  EnableTerminationProtection: flag.default(false),
  RetainExceptOnCreate: retainExceptOnCreate,
});

export const updateStackInput = preparation.extend({
  ClientRequestToken: token,
  DisableRollback: flag.default(false),
  RetainExceptOnCreate: retainExceptOnCreate,
});

export const createChangeSetInput = preparation.extend({
  ChangeSetName: changeSetName,
  ChangeSetType: z.enum(['CREATE', 'UPDATE', 'IMPORT']).default('UPDATE'),
  Description: z.string().max(1024).optional(),
  OnStackFailure: onFailure,
  DeploymentMode: z.literal('REVERT_DRIFT', 'must be REVERT_DRIFT').optional(),
  ImportExistingResources: flag
    .default(false)
    .refine((asked) => !asked, 'import of existing resources is not emulated here'),
});

export const changeSetInput = z.object({
  ChangeSetName: changeSetName,
  StackName: stackName.optional(),
  NextToken: nextToken,
  IncludePropertyValues: flag.default(false),
});

export const executeChangeSetInput = z.object({
  ChangeSetName: changeSetName,
  StackName: stackName.optional(),
  ClientRequestToken: token,
  DisableRollback: flag.default(false),
  RetainExceptOnCreate: retainExceptOnCreate,
});

export const stackInput = z.object({ StackName: stackName, NextToken: nextToken });
export const optionalStackInput = z.object({
  StackName: stackName.optional(),
  NextToken: nextToken,
});

export const listStacksInput = z.object({
  NextToken: nextToken,
  StackStatusFilter: list(z.string()).default([]),
});

export const describeEventsInput = z.object({
  StackName: stackName.optional(),
  ChangeSetName: changeSetName.optional(),
  OperationId: z.string().optional(),
  Filters: z.object({ FailedEvents: flag.optional() }).optional(),
  NextToken: nextToken,
});

export const describeStackResourcesInput = z.object({
  StackName: stackName.optional(),
  LogicalResourceId: z.string().optional(),
  PhysicalResourceId: z.string().optional(),
});

export const describeStackResourceInput = z.object({
  StackName: stackName,
  LogicalResourceId: z.string(),
});

export const getTemplateInput = z.object({
  StackName: stackName.optional(),
  ChangeSetName: changeSetName.optional(),
});

export const templateSummaryInput = z.object({
  StackName: stackName.optional(),
  TemplateBody: z.string().optional(),
  TemplateURL: z.string().optional(),
});

export const deleteStackInput = z.object({
  StackName: stackName,
  ClientRequestToken: token,
  RetainResources: list(z.string()).default([]),
  DeletionMode: z.enum(['STANDARD', 'FORCE_DELETE_STACK']).default('STANDARD'),
});

export const rollbackStackInput = z.object({
  StackName: stackName,
  ClientRequestToken: token,
  RetainExceptOnCreate: retainExceptOnCreate,
});

/** The resources to skip keep their present state. */
export const continueRollbackInput = rollbackStackInput.extend({
  ResourcesToSkip: list(z.string()).default([]),
});

export const terminationProtectionInput = z.object({
  StackName: stackName,
  EnableTerminationProtection: flag,
});

const driftStatus = z.enum(['IN_SYNC', 'MODIFIED', 'DELETED', 'NOT_CHECKED']);

export const detectStackDriftInput = z.object({
  StackName: stackName,
  LogicalResourceIds: list(z.string()).pipe(z.array(z.string()).max(200)).default([]),
});

export const detectResourceDriftInput = z.object({
  StackName: stackName,
  LogicalResourceId: z.string(),
});

export const driftStatusInput = z.object({ StackDriftDetectionId: z.string().min(1).max(36) });

export const resourceDriftsInput = z.object({
  StackName: stackName,
  StackResourceDriftStatusFilters: list(driftStatus).default([]),
  NextToken: nextToken,
});

export const pageInput = z.object({ NextToken: nextToken });
export const listImportsInput = z.object({ ExportName: z.string(), NextToken: nextToken });
