import { dependenciesOf, dependencyOrder } from '../template/dependency-order';
import { evaluate, evaluateCondition } from '../template/evaluate';
import { evaluatedParameters } from '../template/parameters';
import { type AwsLocation, pseudoParameters } from '../template/pseudo-parameters';
import { type ReferableResource, type Scope } from '../template/scope';
import { parseTemplate, type ResourceDefinition, type Template } from '../template/template';
import { templateError } from '../cloudformation-error';
import { type Json, Pending, type Value } from '../template/value';
import { type StackOutput, type StackState } from '../stacks/stack-record';

/** What other stacks offer. */
export interface OtherStacks {
  importValue(name: string): string | undefined;
  output(stackName: string, outputName: string): string | undefined;
}

export type ResourceLookup = (logicalId: string) => ReferableResource | undefined;

/**
 * A template with its parameters, bound to its stack: what the stack is to become. Pure, but for remembering
 * the imports it has met.
 */
export class TargetStack {
  readonly template: Template;
  /** The resources whose condition holds, each after what it depends on. */
  readonly order: readonly string[];
  private readonly outputKeys: readonly string[];
  private readonly imported = new Set<string>();
  private readonly base: Omit<Scope, 'resource'>;

  constructor(
    state: Pick<StackState, 'templateBody' | 'parameters'>,
    stack: { readonly id: string; readonly name: string },
    location: AwsLocation,
    others: OtherStacks,
  ) {
    this.template = parseTemplate(state.templateBody);
    const values = Object.fromEntries(state.parameters.map(({ key, value }) => [key, value]));
    this.base = {
      mappings: this.template.Mappings,
      conditions: this.template.Conditions,
      conditionResults: new Map(),
      parameters: evaluatedParameters(this.template.Parameters, values),
      pseudo: pseudoParameters(location, stack),
      importValue: (name) => {
        this.imported.add(name);
        return others.importValue(name);
      },
      stackOutput: (stackName, outputName) => others.output(stackName, outputName),
    };
    const holds = (condition: string | undefined) =>
      condition === undefined ||
      evaluateCondition(
        condition,
        this.scope(() => undefined),
      );
    this.order = dependencyOrder(this.template.Resources).filter((id) =>
      holds(this.definition(id).Condition),
    );
    this.outputKeys = Object.entries(this.template.Outputs).flatMap(([key, { Condition }]) =>
      holds(Condition) ? [key] : [],
    );
  }

  definition(id: string): ResourceDefinition {
    const definition = this.template.Resources[id];
    if (!definition) throw new Error(`The template has no resource ${id}`);
    return definition;
  }

  dependencies(id: string): string[] {
    return dependenciesOf(id, this.template.Resources);
  }

  properties(id: string, resources: ResourceLookup): Record<string, Value> {
    return (evaluate(this.definition(id).Properties as Json, this.scope(resources)) ??
      {}) as Record<string, Value>;
  }

  /** A value that is still pending comes out as `undefined`. */
  outputs(
    resources: ResourceLookup,
  ): (Omit<StackOutput, 'value'> & { value: string | undefined })[] {
    return this.outputKeys.map((key) => {
      const { Value: value, Export, Description } = this.template.Outputs[key] ?? { Value: null };
      const exportName = Export && this.text(Export.Name, resources, `the export of output ${key}`);
      return {
        key,
        value: this.text(value, resources, `output ${key}`),
        ...(Description !== undefined && { description: Description }),
        ...(exportName !== undefined && { exportName }),
      };
    });
  }

  /** Complete once the properties and outputs have been evaluated. */
  imports(): string[] {
    return [...this.imported].sort();
  }

  private text(value: Json, resources: ResourceLookup, what: string): string | undefined {
    const evaluated = evaluate(value, this.scope(resources));
    if (evaluated instanceof Pending) return undefined;
    if (evaluated === undefined || evaluated === null || typeof evaluated === 'object') {
      throw templateError(`the value of ${what} must be text`);
    }
    return String(evaluated);
  }

  private scope(resource: ResourceLookup): Scope {
    return {
      ...this.base,
      resource: (id) => (this.order?.includes(id) ? resource(id) : undefined),
    };
  }
}
