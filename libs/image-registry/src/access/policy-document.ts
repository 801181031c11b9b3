import * as z from 'zod';
import { type Condition, readCondition } from './condition';
import { ecrActions } from './ecr-actions';
import { type IamPattern, iamPattern } from './iam-pattern';
import { matchesIgnoringCase } from './condition-operators';
import { unknownVariable } from './policy-variables';
import { type Principal, principalProblem } from './principal';

/**
 * What a policy belongs to. That of an identity has no principals and names resources; that of a repository or of a role's
 * trust is about what it belongs to; that of a registry names both.
 */
export type PolicyKind = 'identity' | 'repository' | 'registry' | 'trust';

export interface PolicyStatement {
  readonly effect: 'Allow' | 'Deny';
  readonly principal: { readonly names: Principal; readonly negated: boolean } | undefined;
  readonly action: { readonly patterns: readonly IamPattern[]; readonly negated: boolean };
  /** Before variables are replaced. */
  readonly resource:
    { readonly patterns: readonly string[]; readonly negated: boolean } | undefined;
  readonly conditions: readonly Condition[];
}

export interface Policy {
  /** 2012-10-17: policy variables are replaced. */
  readonly variables: boolean;
  readonly statements: readonly PolicyStatement[];
}

/** A policy that is malformed, or that contains what is not evaluated. The message starts with the place. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';

  constructor(
    readonly kind: 'malformed' | 'not evaluated',
    message: string,
  ) {
    super(message);
  }
}

/** Beyond ECR's and IAM's largest policies of 10,240 characters; a bound for every loop over them. */
export const maximumPolicyLength = 20_480;

/** Marks a problem of a policy that IAM takes. */
const notEvaluated = { notEvaluated: true };

/** IAM takes one value for a list of one. */
const oneOrMore = <T extends z.ZodType>(item: T) =>
  z.preprocess((value) => (Array.isArray(value) ? value : [value]), z.array(item).min(1));

const principal = z.union([
  z.literal('*'),
  z.record(z.string(), oneOrMore(z.string())).check(({ value, issues }) => {
    for (const [kind, names] of Object.entries(value)) {
      const problem = names.map((name) => principalProblem(kind, name)).find(Boolean);
      if (problem !== undefined) {
        issues.push({ code: 'custom', message: problem, path: [kind], input: names });
      }
    }
  }),
]);

const action = z
  .string()
  .regex(
    /^(\*|[A-Za-z0-9-]{1,64}:[A-Za-z0-9*?]{1,128})$/,
    'expected an action such as ecr:PutImage',
  );

const resource = z
  .string()
  .max(2048)
  .regex(/^(\*|arn:.+)$/s, 'expected * or the ARN of a resource')
  .check(({ value, issues }) => {
    const unknown = unknownVariable(value);
    if (unknown === undefined) return;
    const message = `\${${unknown}} is not a variable that is evaluated`;
    issues.push({ code: 'custom', message, input: value, params: notEvaluated });
  });

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);

const condition = z
  .record(z.string(), z.record(z.string(), oneOrMore(scalar)))
  .transform((operators, { issues, value }) =>
    Object.entries(operators).flatMap(([operator, keys]) =>
      Object.entries(keys).flatMap(([key, values]): Condition[] => {
        const read = readCondition(operator, key, values);
        if (!('problem' in read)) return [read];
        const { path, problem } = read;
        issues.push({
          code: 'custom',
          message: problem,
          path: [...path],
          input: value,
          params: notEvaluated,
        });
        return [];
      }),
    ),
  );

const statement = z
  .strictObject({
    Sid: z.string().optional(),
    Effect: z.enum(['Allow', 'Deny'], 'expected Allow or Deny'),
    Principal: principal.optional(),
    NotPrincipal: principal.optional(),
    Action: oneOrMore(action).optional(),
    NotAction: oneOrMore(action).optional(),
    Resource: oneOrMore(resource).optional(),
    NotResource: oneOrMore(resource).optional(),
    Condition: condition.optional(),
  })
  .refine(({ Action, NotAction }) => (Action === undefined) !== (NotAction === undefined), {
    error: 'expected either Action or NotAction',
  });

type RawStatement = z.infer<typeof statement>;

const hasPrincipal = ({ Principal, NotPrincipal }: RawStatement) =>
  (Principal === undefined) !== (NotPrincipal === undefined);
const hasNoPrincipal = ({ Principal, NotPrincipal }: RawStatement) =>
  Principal === undefined && NotPrincipal === undefined;
const hasResource = ({ Resource, NotResource }: RawStatement) =>
  (Resource === undefined) !== (NotResource === undefined);
const hasNoResource = ({ Resource, NotResource }: RawStatement) =>
  Resource === undefined && NotResource === undefined;

const principalRule = { error: 'expected either Principal or NotPrincipal' };
const noPrincipalRule = { error: 'a policy of an identity has no Principal' };
const resourceRule = { error: 'expected either Resource or NotResource' };
const noResourceRule = { error: 'expected no Resource: the policy is about what it belongs to' };

const knownActions = [...ecrActions.keys()];
/** ECR rejects actions that it does not have; IAM takes those of any service. */
const hasEcrActions = ({ Action, NotAction }: RawStatement) =>
  [...(Action ?? []), ...(NotAction ?? [])]
    .map(iamPattern)
    .every((pattern) => knownActions.some((known) => matchesIgnoringCase(pattern, known)));
const actionRule = { error: 'an action is not one of ECR' };

const statements: Readonly<Record<PolicyKind, z.ZodType<RawStatement>>> = {
  identity: statement.refine(hasNoPrincipal, noPrincipalRule).refine(hasResource, resourceRule),
  trust: statement.refine(hasPrincipal, principalRule).refine(hasNoResource, noResourceRule),
  repository: statement
    .refine(hasPrincipal, principalRule)
    .refine(hasNoResource, noResourceRule)
    .refine(hasEcrActions, actionRule),
  registry: statement
    .refine(hasPrincipal, principalRule)
    .refine(hasResource, resourceRule)
    .refine(hasEcrActions, actionRule),
};

const documentOf = (kind: PolicyKind) =>
  z.strictObject({
    Version: z.enum(['2008-10-17', '2012-10-17'], 'expected 2012-10-17').optional(),
    Id: z.string().optional(),
    Statement: oneOrMore(statements[kind]),
  });

const documents = {
  identity: documentOf('identity'),
  trust: documentOf('trust'),
  repository: documentOf('repository'),
  registry: documentOf('registry'),
};

/**
 * Reads a policy. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 *
 * @param document parsed JSON
 * @throws PolicyError if it is malformed, or if a condition in it is not evaluated
 */
export function readPolicy(kind: PolicyKind, document: unknown): Policy {
  const parsed = documents[kind].safeParse(document);
  if (!parsed.success) {
    const [first] = parsed.error.issues;
    const isUnknown = first?.code === 'custom' && first.params === notEvaluated;
    throw new PolicyError(isUnknown ? 'not evaluated' : 'malformed', describe(parsed.error.issues));
  }
  const { Version, Statement } = parsed.data;
  return { variables: Version === '2012-10-17', statements: Statement.map(toStatement) };
}

function toStatement(raw: RawStatement): PolicyStatement {
  const { Effect, Principal, NotPrincipal, Action, NotAction, Resource, NotResource } = raw;
  const names = Principal ?? NotPrincipal;
  const resources = Resource ?? NotResource;
  return {
    effect: Effect,
    principal: names && { names, negated: Principal === undefined },
    action: {
      patterns: (Action ?? NotAction ?? []).map(iamPattern),
      negated: Action === undefined,
    },
    resource: resources && { patterns: resources, negated: Resource === undefined },
    conditions: raw.Condition ?? [],
  };
}

/** The first problem, with its place. `Principal` is a text or an object: of both problems the one inside of it. */
function describe(
  issues: readonly z.core.$ZodIssue[],
  prefix: readonly PropertyKey[] = [],
): string {
  const [issue] = issues;
  if (!issue) return 'is not a policy';
  const path = [...prefix, ...issue.path];
  const inside =
    issue.code === 'invalid_union' ? issue.errors.find(([first]) => first?.path.length) : undefined;
  if (inside) return describe(inside, path);
  const place = path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '');
  return place === '' ? issue.message : `${place}: ${issue.message}`;
}
