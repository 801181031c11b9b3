import { z } from 'zod';
import { type AccessControl } from '../access/access-control';
import { type Identity } from '../access/identity';
import { type StackStore } from '../cloudformation/stacks/stack-store';
import { type RegistryLocation } from '../registry/registries';
import { constraintOf } from '../registry/requests';
import { parameterArn, type StackParameter, stackParameters } from './stack-parameters';

export const ssmTargetPrefix = 'AmazonSSM';

type ParameterApiErrorCode =
  | 'InvalidFilterKey'
  | 'InvalidNextToken'
  | 'ParameterNotFound'
  | 'ParameterVersionNotFound'
  | 'UnknownOperationException'
  | 'ValidationException';

export class ParameterApiError extends Error {
  override readonly name = 'ParameterApiError';

  constructor(
    readonly code: ParameterApiErrorCode,
    message: string,
  ) {
    super(message);
  }
}

export interface ParameterCaller {
  readonly access: AccessControl;
  readonly identity: Identity;
  readonly location: RegistryLocation;
  readonly sourceIp: string | undefined;
}

export type ParameterApi = (operation: string, input: unknown, caller: ParameterCaller) => unknown;

const name = z.string().min(1).max(2048);
const getParameter = z.object({ Name: name, WithDecryption: z.boolean().optional() });
const getParameters = z.object({
  Names: z.array(name).min(1).max(10),
  WithDecryption: z.boolean().optional(),
});
const getParametersByPath = z.object({
  Path: z.string().min(1).max(2048).regex(/^\//, "must begin with '/'"),
  Recursive: z.boolean().default(false),
  MaxResults: z.int().min(1).max(10).default(10),
  NextToken: z.string().optional(),
  ParameterFilters: z.array(z.unknown()).optional(),
  WithDecryption: z.boolean().optional(),
});

/**
 * The parameters of deployed stacks, as AWS Systems Manager returns them. Only stacks create and change them here.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html
 */
export function createParameterApi(
  stacksOf: (location: RegistryLocation) => StackStore | undefined,
): ParameterApi {
  const all = ({ location }: ParameterCaller) =>
    stackParameters(stacksOf(location)?.live() ?? [], location);
  const operations: Readonly<Record<string, (input: unknown, caller: ParameterCaller) => unknown>> =
    {
      GetParameter: (input, caller) => {
        const { Name } = parse(getParameter, input);
        authorize(caller, 'GetParameter', Name);
        const found = select(all(caller), Name);
        if (found === 'unknown-version') {
          throw new ParameterApiError(
            'ParameterVersionNotFound',
            `Systems Manager could not find version of ${Name}. Verify the version and try again.`,
          );
        }
        if (!found)
          throw new ParameterApiError('ParameterNotFound', `Parameter ${Name} not found.`);
        return { Parameter: found };
      },
      GetParameters: (input, caller) => {
        const names = [...new Set(parse(getParameters, input).Names)];
        for (const each of names) authorize(caller, 'GetParameters', each);
        const known = all(caller);
        const found = names.map((each) => [each, select(known, each)] as const);
        return {
          Parameters: found.flatMap(([, parameter]) =>
            typeof parameter === 'object' ? [parameter] : [],
          ),
          InvalidParameters: found.flatMap(([each, parameter]) =>
            typeof parameter === 'object' ? [] : [each],
          ),
        };
      },
      GetParametersByPath: (input, caller) => {
        const request = parse(getParametersByPath, input);
        authorize(caller, 'GetParametersByPath', request.Path.replace(/(?<=.)\/$/, ''));
        return byPath(all(caller), request);
      },
    };
  return (operation, input, caller) => {
    const run = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
    if (run) return run(input, caller);
    throw new ParameterApiError(
      'UnknownOperationException',
      `ecr-local does not implement '${ssmTargetPrefix}.${operation}'. It implements: ${Object.keys(operations).join(', ')}.`,
    );
  };
}

function authorize(
  { access, identity, location, sourceIp }: ParameterCaller,
  action: string,
  of: string,
) {
  const resource = of.startsWith('arn:') ? of : parameterArn(location, of.replace(/:\d+$/, ''));
  access.authorize(identity, { action: `ssm:${action}`, resource, location, sourceIp });
}

/** A parameter by its name or ARN, with a version behind a colon or without. */
function select(parameters: readonly StackParameter[], wanted: string) {
  const [, plain = wanted, version] = /^(.*?)(?::(\d{1,9}))?$/s.exec(wanted) ?? [];
  const found = parameters.find(({ Name, ARN }) => Name === plain || ARN === plain);
  if (!found || version === undefined) return found;
  if (Number(version) !== found.Version) return 'unknown-version' as const;
  return { ...found, Selector: `:${version}` };
}

function byPath(
  parameters: readonly StackParameter[],
  {
    Path,
    Recursive,
    MaxResults,
    NextToken,
    ParameterFilters,
  }: z.output<typeof getParametersByPath>,
) {
  if (ParameterFilters?.length) {
    throw new ParameterApiError('InvalidFilterKey', 'ParameterFilters are not emulated here.');
  }
  const folder = Path.endsWith('/') ? Path : `${Path}/`;
  const inside = parameters
    .filter(
      ({ Name }) =>
        Name.startsWith(folder) && (Recursive || !Name.slice(folder.length).includes('/')),
    )
    .sort((a, b) => (a.Name < b.Name ? -1 : 1));
  const start = NextToken === undefined ? 0 : Number(NextToken);
  if (!Number.isInteger(start) || start < 0) {
    throw new ParameterApiError('InvalidNextToken', 'The specified token is not valid.');
  }
  const end = start + MaxResults;
  return {
    Parameters: inside.slice(start, end),
    ...(end < inside.length && { NextToken: String(end) }),
  };
}

function parse<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    (issue) =>
      `Value at '${issue.path.join('.')}' failed to satisfy constraint: ${constraintOf(issue)}`,
  );
  throw new ParameterApiError(
    'ValidationException',
    `${problems.length} validation error${problems.length === 1 ? '' : 's'} detected: ${problems.join('; ')}`,
  );
}
