import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { createMemoryDocuments } from '../../storage/memory/memory-storage';
import { repository, startCloudFormation } from '../test/cloudformation-harness';
import { fakeRegistry, type FakeRegistry } from '../test/fake-registry';

/** A stack of up to four repositories, with changes in place, replacements, removals and dependencies between them. */
const resource = fc.record({
  name: fc.constantFrom('one', 'two'),
  mutability: fc.constantFrom('MUTABLE', 'IMMUTABLE'),
  lifecycle: fc.option(fc.constantFrom('{"rules":[1]}', '{"rules":[2]}'), { nil: undefined }),
  tag: fc.option(fc.constantFrom('x', 'y'), { nil: undefined }),
});
const template = fc
  .dictionary(fc.constantFrom('A', 'B', 'C', 'D'), resource, { minKeys: 1, maxKeys: 4 })
  .map((chosen) => {
    const ids = Object.keys(chosen).sort();
    const entries = Object.entries(chosen).map(([id, { name, mutability, lifecycle, tag }]) => [
      id,
      repository(
        `${id.toLowerCase()}-${name}`,
        {
          ImageTagMutability: mutability,
          ...(lifecycle && { LifecyclePolicy: { LifecyclePolicyText: lifecycle } }),
          ...(tag && { Tags: [{ Key: 'tag', Value: tag }] }),
        },
        { DependsOn: ids.slice(0, ids.indexOf(id)).slice(-1) },
      ),
    ]);
    const outputs = ids.map((id) => [id, { Value: { 'Fn::GetAtt': [id, 'Arn'] } }]);
    return { Resources: Object.fromEntries(entries), Outputs: Object.fromEntries(outputs) };
  });

const contents = ({ repositories }: FakeRegistry) =>
  Object.fromEntries(
    [...repositories]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, r]) => [name, structuredClone(r)]),
  );

async function contentsAfterCreating(chosen: object) {
  const { registry, create } = await startCloudFormation();
  await create('S', chosen);
  return contents(registry);
}

const ignoreNoUpdates = (error: Error) => {
  if (error.message !== 'No updates are to be performed.') throw error;
};

/** Fails every effect from the given one on: what a kill looks like from outside. */
function killer(remaining: number) {
  const state = { remaining, dead: false };
  return () => {
    if (state.remaining-- <= 0) state.dead = true;
    if (state.dead) throw new Error('killed');
  };
}

/** Documents and a registry of which every change counts as an effect. */
function mortal(registry: FakeRegistry, effect: () => void) {
  const documents = createMemoryDocuments();
  const { put } = documents;
  registry.beforeChange = effect;
  documents.put = async (...document) => {
    effect();
    await put(...document);
  };
  return documents;
}

describe('the engine', () => {
  it('gets from any template to any other', async () => {
    await fc.assert(
      fc.asyncProperty(template, template, async (a, b) => {
        const { registry, create, update, stack } = await startCloudFormation();
        await create('S', a);
        await update('S', b).catch(ignoreNoUpdates);
        expect(stack('S').status).toMatch(/^(CREATE|UPDATE)_COMPLETE$/);
        expect(contents(registry)).toEqual(await contentsAfterCreating(b));
        await expect(update('S', b)).rejects.toThrow('No updates are to be performed.');
      }),
      { numRuns: 30 },
    );
  });

  it('is back at the old template when an update fails at any step', async () => {
    await fc.assert(
      fc.asyncProperty(template, template, fc.nat(12), async (a, b, failing) => {
        const { registry, create, update, stack } = await startCloudFormation();
        await create('S', a);
        const before = structuredClone(stack('S').current);
        let step = 0;
        let failed = false;
        registry.beforeChange = (operation) => {
          if (step++ !== failing || operation === 'deleteRepository') return;
          failed = true;
          throw new Error('refused');
        };
        await update('S', b).catch(ignoreNoUpdates);
        if (!failed) return;
        expect(stack('S').status).toBe('UPDATE_ROLLBACK_COMPLETE');
        expect(contents(registry)).toEqual(await contentsAfterCreating(a));
        expect(stack('S').current).toEqual(before);
      }),
      { numRuns: 60 },
    );
  });

  it('recovers from a kill at any step, to the old template or the new one', async () => {
    await fc.assert(
      fc.asyncProperty(template, template, fc.nat(40), async (a, b, effects) => {
        const registry = fakeRegistry();
        let effect = () => undefined as void;
        const documents = mortal(registry, () => effect());
        const first = await startCloudFormation({ registry, documents });
        await first.create('S', a);
        effect = killer(effects);
        await first.update('S', b).catch(() => undefined);
        effect = () => undefined;

        const { stack, update } = await startCloudFormation({ registry, documents });
        expect(stack('S').status).toMatch(/^(CREATE|UPDATE|UPDATE_ROLLBACK)_COMPLETE$/);
        const reached = contents(registry);
        const possible = [await contentsAfterCreating(a), await contentsAfterCreating(b)];
        expect(possible).toContainEqual(reached);
        if (!isDeepStrictEqual(possible[0], possible[1])) {
          expect(stack('S').status === 'UPDATE_COMPLETE').toBe(
            isDeepStrictEqual(reached, possible[1]),
          );
        }
        await update('S', b).catch(ignoreNoUpdates);
        expect(contents(registry)).toEqual(possible[1]);
      }),
      { numRuns: 60 },
    );
  });

  it('recovers from a kill at any step of a creation or a deletion', async () => {
    await fc.assert(
      fc.asyncProperty(template, fc.nat(25), fc.boolean(), async (a, effects, deleting) => {
        const registry = fakeRegistry();
        let effect = () => undefined as void;
        const documents = mortal(registry, () => effect());
        const first = await startCloudFormation({ registry, documents });
        if (deleting) await first.create('S', a);
        effect = killer(effects);
        await (deleting ? first.remove('S') : first.create('S', a)).catch(() => undefined);
        effect = () => undefined;

        const { store, remove, create } = await startCloudFormation({ registry, documents });
        const status = store.find('S')?.status;
        if (status !== 'CREATE_COMPLETE') expect(registry.repositories.size).toBe(0);
        await remove('S');
        expect(registry.repositories.size).toBe(0);
        await create('S', a);
        expect(contents(registry)).toEqual(await contentsAfterCreating(a));
      }),
      { numRuns: 60 },
    );
  });
});
