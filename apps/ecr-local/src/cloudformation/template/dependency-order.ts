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

/** Names the members of the cycle, without those that merely depend on it. */
function circular(waiting: ReadonlyMap<string, ReadonlySet<string>>) {
  const needed = (ids: readonly string[]): string[] => {
    const kept = ids.filter((id) => ids.some((other) => waiting.get(other)?.has(id)));
    return kept.length === ids.length ? kept : needed(kept);
  };
  const members = needed([...waiting.keys()]);
  return templateInvalid(`Circular dependency between resources: [${members.join(', ')}]`);
}
