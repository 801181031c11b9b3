import { z } from 'zod';
import { templateFormatError } from '../cloudformation-error';
import { parseTemplateBody } from './parse-template';
import { type Json } from './value';

const json = z.custom<Json>((value) => value !== undefined);
const logicalId = z
  .string()
  .regex(/^[A-Za-z0-9]{1,255}$/, 'is not alphanumeric')
  .refine((id) => !(id in Object.prototype), 'is a name that is reserved here');
const oneOrMore = z.union([z.string().transform((id) => [id]), z.array(z.string())]);
const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const policy = z.enum(['Delete', 'Retain', 'RetainExceptOnCreate', 'Snapshot']);

const parameter = z.strictObject({
  Type: z.string(),
  Default: z.union([text, z.null().transform(() => '')]).optional(),
  Description: z.string().optional(),
  NoEcho: z
    .union([z.boolean(), z.enum(['true', 'false']).transform((v) => v === 'true')])
    .default(false),
  AllowedValues: z.array(text).optional(),
  AllowedPattern: z.string().optional(),
  ConstraintDescription: z.string().optional(),
  MinLength: z.coerce.number().optional(),
  MaxLength: z.coerce.number().optional(),
  MinValue: z.coerce.number().optional(),
  MaxValue: z.coerce.number().optional(),
});

const resource = z.strictObject({
  Type: z.string().regex(/^[A-Za-z0-9]+(::[A-Za-z0-9@_-]+)+$/, 'is not a resource type'),
  Properties: z.record(z.string(), json).default({}),
  DependsOn: oneOrMore.default([]),
  Condition: z.string().optional(),
  Metadata: json.optional(),
  DeletionPolicy: policy.default('Delete'),
  UpdateReplacePolicy: policy.default('Delete'),
  CreationPolicy: json.optional(),
  UpdatePolicy: json.optional(),
});

const output = z.strictObject({
  Value: json,
  Description: z.string().optional(),
  Condition: z.string().optional(),
  Export: z.strictObject({ Name: json }).optional(),
});

const template = z.strictObject({
  AWSTemplateFormatVersion: z.literal('2010-09-09').optional(),
  Description: z.string().max(1024).optional(),
  Metadata: json.optional(),
  Parameters: z.record(logicalId, parameter).default({}),
  Mappings: z.record(z.string(), z.record(z.string(), z.record(z.string(), json))).default({}),
  Conditions: z.record(z.string(), json).default({}),
  Resources: z.record(logicalId, resource).default({}),
  Outputs: z.record(logicalId, output).default({}),
});

export type Template = z.infer<typeof template>;
export type ResourceDefinition = Template['Resources'][string];
export type ParameterDeclaration = Template['Parameters'][string];
export type OutputDefinition = Template['Outputs'][string];

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const maximumResources = 500;

/** Sections that change what a template means, and that this emulator would have to ignore. */
const notEmulated = ['Transform', 'Rules', 'Hooks'];

/**
 * Reads a template's text into its sections.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
 */
export function parseTemplate(body: string): Template {
  const raw = parseTemplateBody(body);
  const section = notEmulated.find((name) => Object.hasOwn(raw, name));
  if (section) {
    throw templateFormatError(
      `The section '${section}' is not emulated here. For the CDK, use BootstraplessSynthesizer (it writes no Rules) and no transforms.`,
    );
  }
  const parsed = template.safeParse(raw);
  if (!parsed.success) throw templateFormatError(describe(parsed.error));
  const resources = Object.keys(parsed.data.Resources).length;
  if (resources === 0) throw templateFormatError('At least one Resources member must be defined.');
  if (resources > maximumResources) {
    throw templateFormatError(
      `Number of resources, ${resources}, is greater than maximum allowed, ${maximumResources}`,
    );
  }
  return parsed.data;
}

/** More would not be read, and a template can be wrong in thousands of places. */
const describedIssues = 10;

function describe(error: z.ZodError): string {
  return error.issues
    .slice(0, describedIssues)
    .map((issue) =>
      issue.code === 'unrecognized_keys'
        ? `Invalid template property or properties [${[...issue.path, issue.keys.join(', ')].join('/')}]`
        : `[/${issue.path.join('/')}] ${issue.message}`,
    )
    .join('; ');
}
