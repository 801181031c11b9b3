import { type Template } from './template';
import { type Value } from './value';

/** A resource as far as references can see it. */
export interface ReferableResource {
  ref(): Value;
  /** `undefined`: the type has no such attribute. */
  attribute(name: string): Value | undefined;
}

/** Everything a template's value can refer to. */
export interface Scope {
  readonly mappings: Template['Mappings'];
  readonly conditions: Template['Conditions'];
  /** Conditions that were evaluated: each is once, however many refer to it. */
  readonly conditionResults: Map<string, boolean>;
  readonly parameters: Readonly<Record<string, string | readonly string[]>>;
  /** `AWS::Region` and so on, without `AWS::NoValue`. */
  readonly pseudo: Readonly<Record<string, string>>;
  /** `undefined` if there is none or its condition is false. */
  resource(logicalId: string): ReferableResource | undefined;
  /** `undefined`: no stack exports the name. */
  importValue(name: string): string | undefined;
  stackOutput(stackName: string, outputName: string): string | undefined;
}
