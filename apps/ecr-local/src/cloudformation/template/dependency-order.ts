import { templateInvalid } from '../cloudformation-error';
import { referencesIn } from './references';
import { type ResourceDefinition } from './template';

type Resources = Readonly<Record<string, ResourceDefinition>>;

/** The resources that one waits for: what it refers to and what its DependsOn names. */
export function dependenciesOf(id: string, resources: Resources): string[] {
  const definition = resources[id];
  if (!definition) return [];
  const referred = referencesIn(definition.Properties).flatMap((reference) =>
    reference.kind === 'ref' || reference.kind === 'attribute' ? [reference.name] : [],
  );
  return [...new Set([...definition.DependsOn, ...referred])].filter((name) =>
    Object.hasOwn(resources, name),
  );
}

/** Logical ids in the order in which they can be made. A cycle is refused. */
export function dependencyOrder(resources: Resources): string[] {
  return topologicalOrder(
    Object.keys(resources).map((id) => ({ id, dependsOn: dependenciesOf(id, resources) })),
    ({ id }) => id,
  ).map(({ id }) => id);
}

/**
 * Items such that each comes after those it depends on; otherwise in the order given. Dependencies that are not
 * among the items do not count; a cycle is refused.
 */
export function topologicalOrder<Item extends { readonly dependsOn: readonly string[] }>(
  items: readonly Item[],
  idOf: (item: Item) => string,
): Item[] {
  const ids = new Set(items.map(idOf));
  let waiting = items.map((item) => ({
    item,
    needs: new Set(item.dependsOn.filter((id) => ids.has(id))),
  }));
  const order: Item[] = [];
  while (waiting.length > 0) {
    const next = waiting.find(({ needs }) => needs.size === 0);
    if (!next) throw circular(new Map(waiting.map(({ item, needs }) => [idOf(item), needs])));
    waiting = waiting.filter((candidate) => candidate !== next);
    for (const { needs } of waiting) needs.delete(idOf(next.item));
    order.push(next.item);
  }
  return order;
}

/** Names the members of the cycle and what lies between two cycles, without those that merely depend on them. */
function circular(waiting: ReadonlyMap<string, ReadonlySet<string>>) {
  const dependents = new Map([...waiting.keys()].map((id) => [id, 0]));
  const count = (id: string, change: number): number => {
    const after = (dependents.get(id) ?? 0) + change;
    dependents.set(id, after);
    return after;
  };
  for (const needs of waiting.values()) for (const id of needs) count(id, 1);
  const unneeded = [...waiting.keys()].filter((id) => dependents.get(id) === 0);
  for (let id = unneeded.pop(); id !== undefined; id = unneeded.pop()) {
    dependents.delete(id);
    for (const needed of waiting.get(id) ?? []) if (count(needed, -1) === 0) unneeded.push(needed);
  }
  const members = [...waiting.keys()].filter((id) => dependents.has(id));
  return templateInvalid(`Circular dependency between resources: [${members.join(', ')}]`);
}
