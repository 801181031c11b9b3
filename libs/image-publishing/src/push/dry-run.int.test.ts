import { readdir } from 'node:fs/promises';
import { attachment, PushStage } from '../../test/push-stage';

let stage: PushStage;
afterEach(() => stage.close());

describe('dry run', () => {
  beforeEach(async () => {
    stage = await PushStage.open();
  });

  it('prints a plan and changes nothing, with and without a built image', async () => {
    const { data, text } = await stage.report({ dryRun: true });
    expect(data).toMatchObject({ dryRun: true, digest: null });
    expect(text).toContain('not built yet');
    const { digest } = await stage.build('one');
    stage.attachments = [attachment('sbom', '{}')];
    const planned = await stage.report({ dryRun: true });
    expect(planned.data).toMatchObject({ upload: true, digest, attach: ['sbom'], uploadLayers: 2 });
    expect(planned.text).toMatch(/upload .* in 2 layers/);
    expect(stage.registry.manifests.size).toBe(0);
    expect((await readdir(stage.outDir)).sort()).toEqual(['build.json', 'oci']);
  });

  it('reports that nothing would be uploaded', async () => {
    await stage.build('one');
    await stage.push();
    const { data, text } = await stage.report({ dryRun: true, sha: 'fedcba9' });
    expect(data).toMatchObject({ upload: false, uploadBytes: 0, attach: [] });
    expect(text).toContain('nothing: already in the registry');
  });
});
