import { z } from 'zod';
import { type Identity } from '../access/identity';
import { type QueryValue } from './form-parameters';
import { QueryError, validationError } from './query-error';
import { type XmlValue } from './xml-response';

export type QueryResult = { readonly [name: string]: XmlValue } | undefined;

/** One API action: it takes the folded parameters, validates them and answers. */
export type QueryAction = (
  parameters: Record<string, QueryValue>,
  identity: Identity,
) => Promise<QueryResult> | QueryResult;

/** One AWS service that speaks the Query protocol, identified by its API version. */
export interface QueryService {
  readonly name: string;
  readonly version: string;
  readonly namespace: string;
  /** Its name in signatures. */
  readonly signingName: string;
  /** The resource of an action, as policies name it; undefined if the action checks itself who may perform it. */
  readonly resourceOf?: (parameters: Record<string, QueryValue>) => string;
  readonly actions: Readonly<Record<string, QueryAction>>;
}

/** Binds a schema to an implementation; what does not match the schema never reaches it. */
export function action<Input>(
  schema: z.ZodType<Input>,
  run: (input: Input, identity: Identity) => Promise<QueryResult> | QueryResult,
): QueryAction {
  return (parameters, identity) => {
    const parsed = schema.safeParse(parameters);
    if (parsed.success) return run(parsed.data, identity);
    const problems = parsed.error.issues.map(
      (issue) => `${issue.path.join('.')}: ${issue.message}`,
    );
    throw validationError(
      `${problems.length} validation error${problems.length === 1 ? '' : 's'} detected: ${problems.join('; ')}`,
    );
  };
}

/** The protocol writes an empty list as `Name=`. */
export const list = <Item extends z.ZodType>(item: Item) =>
  z.preprocess((value) => (value === '' ? [] : value), z.array(item));

export const flag = z.enum(['true', 'false']).transform((value) => value === 'true');

export function findAction(services: readonly QueryService[], name: string, version: string) {
  const service = services.find((candidate) => candidate.version === version);
  if (!service) {
    throw new QueryError(
      'InvalidAction',
      `No service with the API version '${version}' is emulated here (action ${name}). ` +
        `Emulated: ${services.map((s) => `${s.name} ${s.version}`).join(', ')}.`,
    );
  }
  const run = Object.hasOwn(service.actions, name) ? service.actions[name] : undefined;
  if (!run) {
    throw new QueryError(
      'InvalidAction',
      `${service.name} action '${name}' is not emulated. Emulated: ${Object.keys(service.actions).join(', ')}.`,
    );
  }
  return { service, run };
}
