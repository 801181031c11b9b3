import { attachment, bundleOf, failureOf, PushStage } from '../../test/push-stage';
import { sbomMediaType } from '@typerush/image-comparison';

let stage: PushStage;
afterEach(() => stage.close());

describe('measureImage in a push', () => {
  const config = { budget: { layersMb: 0.00002 } };
  const services = { bundle: async () => bundleOf({ zod: 500, lodash: 90_000 }) };

  beforeEach(async () => {
    stage = await PushStage.open();
    const zod = {
      type: 'library',
      name: 'zod',
      properties: [{ name: 'nx-ecr:bytes', value: '400' }],
    };
    const sbom = attachment('sbom', JSON.stringify({ components: [zod] }));
    stage.attachments = [{ ...sbom, artifactType: sbomMediaType }];
  });

  it('stops the push before anything is uploaded if the budget is exceeded, and lists the growth', async () => {
    await stage.build('one');
    await stage.push({ config });
    const before = stage.registry.uploads;
    await stage.build('a service that has grown too large');
    const failure = await failureOf(stage.push({ config, services, sha: 'fedcba9' }));
    expect(failure.code).toBe('BUDGET_EXCEEDED');
    expect(failure.message).toContain('apps/app/image.json');
    expect(failure.message).toMatch(/\/app\/service\/ .*43 B .*\+31 B/);
    expect(failure.message).toMatch(/lodash .*90\.0 kB .*\+90\.0 kB\n.*zod/);
    expect(stage.registry.uploads).toBe(before);
    expect(stage.registry.digest('team/app', 'dev-fedcba9')).toBeUndefined();
  });

  it('records the budget with the growth', async () => {
    await stage.build('one');
    await stage.push();
    await stage.build('another');
    const { budget, difference } = await stage.push({
      services,
      config: { budget: { layersMb: 1 } },
    });
    expect(budget).toMatchObject({ limitBytes: 1e6 });
    expect(difference).toMatchObject({
      before: { name: 'latest' },
      layers: [{ name: '/app/service/', before: { bytes: 12 }, after: { bytes: 16 } }],
      packages: [
        { name: 'lodash', change: 'added', after: { bytes: 90_000 } },
        { name: 'zod', change: 'changed', before: { bytes: 400 }, after: { bytes: 500 } },
      ],
    });
    for (const file of ['summary.md', 'summary.html']) {
      expect(await stage.file(file)).toMatch(/Layers since latest[^]*\/app\/service\//);
    }
  });

  it('limits the share of the layer of public/', async () => {
    const within = { budget: { layersMb: 1, publicMb: 0.0005 } };
    const over = { budget: { layersMb: 1, publicMb: 0.00001 } };
    await stage.build('a page', { folder: '/app/public/' });
    const failure = await failureOf(stage.push({ config: over }));
    expect(failure.code).toBe('BUDGET_EXCEEDED');
    expect(failure.message).toContain('the layer of public/ take');
    expect(failure.message).toContain('budget.publicMb in apps/app/image.json');
    expect(stage.registry.manifests.size).toBe(0);
    const { budget } = await stage.push({ config: within });
    expect(budget.public).toEqual({ bytes: 'layer of a page'.length, limitBytes: 500 });
    expect(await stage.file('summary.md')).toMatch(/public\/ \S+ .* of /);
  });

  it('checks the budget without an earlier image too', async () => {
    await stage.build('a service that is too large from the start');
    const failure = await failureOf(stage.push({ config }));
    expect(failure.message).toContain('no earlier image');
    expect(stage.registry.manifests.size).toBe(0);
  });
});
