import { type ResourceHandler } from '../resources/resource-handler';
import { type PropertyChange, type ResourceRecord } from '../stacks/stack-record';
import { type ResourceDefinition } from '../template/template';
import { hasPending, Pending, sameValue, type Value } from '../template/value';

export interface Comparison {
  readonly details: readonly PropertyChange[];
  readonly replacement: 'True' | 'False' | 'Conditional';
  /** A resource whose last change failed is always applied again. */
  readonly changed: boolean;
}

/** The differences between a deployed resource and its target. */
export function compareResource(
  deployed: ResourceRecord,
  definition: ResourceDefinition,
  properties: Readonly<Record<string, Value>>,
  handler: ResourceHandler,
  tagsChanged: boolean,
): Comparison {
  const names = [...new Set([...Object.keys(deployed.properties), ...Object.keys(properties)])];
  const changed = names
    .filter((name) => !sameValue(own(deployed.properties, name), own(properties, name)))
    .map((name) => propertyChange(name, deployed, properties, handler));
  const forced = changed.filter((change) => change.requiresRecreation === 'Always');
  const details = [
    ...changed,
    ...attributeChanges(deployed, definition, tagsChanged && handler.taggable),
  ];
  return {
    details,
    changed: details.length > 0 || !deployed.status.endsWith('_COMPLETE'),
    replacement: forced.some(({ dynamic }) => !dynamic)
      ? 'True'
      : forced.length > 0
        ? 'Conditional'
        : 'False',
  };
}

function propertyChange(
  name: string,
  deployed: ResourceRecord,
  properties: Readonly<Record<string, Value>>,
  handler: ResourceHandler,
): PropertyChange {
  const after = own(properties, name);
  return {
    attribute: name === 'Tags' ? 'Tags' : 'Properties',
    name,
    requiresRecreation: handler.immutable.includes(name) ? 'Always' : 'Never',
    dynamic: after !== undefined && hasPending(after),
    ...described('before', own(deployed.properties, name)),
    ...described('after', after),
  };
}

function attributeChanges(
  deployed: ResourceRecord,
  definition: ResourceDefinition,
  tagsChanged: boolean,
): PropertyChange[] {
  const change = (
    attribute: PropertyChange['attribute'],
    before?: Value,
    after?: Value,
  ): PropertyChange => ({
    attribute,
    name: attribute,
    requiresRecreation: 'Never',
    dynamic: false,
    ...described('before', before),
    ...described('after', after),
  });
  const pairs: [PropertyChange['attribute'], Value | undefined, Value | undefined][] = [
    ['DeletionPolicy', deployed.deletionPolicy, definition.DeletionPolicy],
    ['UpdateReplacePolicy', deployed.updateReplacePolicy, definition.UpdateReplacePolicy],
    ['Metadata', deployed.metadata, definition.Metadata],
  ];
  return [
    ...pairs
      .filter(([, before, after]) => !sameValue(before, after))
      .map((pair) => change(...pair)),
    ...(tagsChanged ? [change('Tags')] : []),
  ];
}

const own = <T>(values: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(values, name) ? values[name] : undefined;

function described(key: 'before' | 'after', value: Value | undefined) {
  if (value === undefined) return {};
  return { [key]: typeof value === 'string' ? value : describeValue(value) };
}

/** As CloudFormation writes what it cannot know yet. */
export function describeValue(value: Value): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner instanceof Pending ? '{{changeSet:KNOWN_AFTER_APPLY}}' : inner,
  );
}
