import fc from 'fast-check';
import { topologicalOrder } from './dependency-order';

/** An acyclic graph: each item depends on earlier ones only; then they are shuffled. */
const graph = fc
  .array(fc.array(fc.nat(20), { maxLength: 4 }), { minLength: 1, maxLength: 20 })
  .map((edges) =>
    edges.map((to, index) => ({
      id: `R${index}`,
      dependsOn: to.filter((other) => other < index).map((other) => `R${other}`),
    })),
  )
  .chain((items) => fc.shuffledSubarray(items, { minLength: items.length }));

describe('a topological order', () => {
  it('holds every item once, after what it depends on', () => {
    fc.assert(
      fc.property(graph, (items) => {
        const ids = topologicalOrder(items, ({ id }) => id).map(({ id }) => id);
        expect([...ids].sort()).toEqual(items.map(({ id }) => id).sort());
        for (const { id, dependsOn } of items) {
          for (const other of dependsOn) expect(ids.indexOf(other)).toBeLessThan(ids.indexOf(id));
        }
      }),
    );
  });
});
