import { type Located, resourcesOf, type TemplateJson, type Templates, textOf } from './template';

export interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Principal?: string | Readonly<Record<string, unknown>>;
  readonly Action: string | readonly string[];
  readonly Resource?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** A statement of a policy, with the resource whose property the policy is. */
export interface LocatedStatement extends Located {
  readonly statement: Statement;
}

/** Every policy statement of the templates, in whatever property. */
export function statementsOf(templates: Templates): LocatedStatement[] {
  return resourcesOf(templates).flatMap((located) =>
    statementsIn(located.resource.Properties, located.template).map((statement) => ({
      ...located,
      where: `${located.where}${statement.Sid ? ` ${statement.Sid}` : ''}`,
      statement,
    })),
  );
}

function statementsIn(value: unknown, template: TemplateJson): Statement[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    if (key === 'Statement') return [child].flat() as Statement[];
    // A policy as text: that of a log group.
    if (key === 'PolicyDocument' && isText(child)) {
      return statementsIn(JSON.parse(textOf(child, template)), template);
    }
    return statementsIn(child, template);
  });
}

const isText = (value: unknown) =>
  typeof value === 'string' || (typeof value === 'object' && value !== null && 'Fn::Join' in value);

export const asList = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : ([value].flat() as readonly T[]);

export function resourcesIn({ statement, template }: LocatedStatement): string[] {
  return asList(statement.Resource).map((resource) => textOf(resource, template));
}
