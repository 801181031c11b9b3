import { CodePipeline } from './support/delivery/code-pipeline';
import { type DeliveredService, DeliveredWorkspace } from './support/delivery/delivered-workspace';
import { type DeliveryPipeline } from './support/delivery/delivery';
import { type Approval, DeliveryScene } from './support/delivery/delivery-scene';
import { GithubWorkflow } from './support/delivery/github-workflow';

let workspace: DeliveredWorkspace;
beforeAll(async () => {
  workspace = await DeliveredWorkspace.create();
  await workspace.copy.nxOk(['run', 'infra:synth', '-c', 'staging']);
});
afterAll(() => workspace?.copy.remove());

const pipelines: readonly (readonly [string, () => Promise<DeliveryPipeline>])[] = [
  ['AWS CodePipeline', () => CodePipeline.read(workspace.copy.path('dist/infra/staging'))],
  [
    'GitHub Actions',
    () =>
      GithubWorkflow.read(workspace.copy.path('.github/workflows/deliver.yml'), {
        inputs: { environment: 'staging' },
        vars: {
          AWS_REGION: 'ap-southeast-1',
          AWS_ROLE_ARN_STAGING: 'arn:aws:iam::000000000000:role/push',
          AWS_DEPLOY_ROLE_ARN_STAGING: 'arn:aws:iam::000000000000:role/deploy',
        },
        reviewed: ['staging'],
      }),
  ],
];

/** Each case in both forms; otherwise, since both run the same scripts, the first in both and the others in one of them. */
const all = process.env['DELIVERY_CASES'] === 'all';

describe.each(pipelines)('a delivery by %s', (form, read) => {
  let scene: DeliveryScene;
  beforeAll(async () => {
    scene = await DeliveryScene.create(workspace, await read());
  });
  afterAll(() => scene?.stop());
  beforeEach(() => scene.heal());

  const state = async () => ({
    letter: (await scene.tags('letter'))['staging'],
    parcel: (await scene.tags('parcel'))['staging'],
    runs: { letter: scene.ecs.running('letter'), parcel: scene.ecs.running('parcel') },
    commit: scene.lastCommit,
  });

  /** The image with the fixed tag of a commit. */
  const pushed = async (service: DeliveredService, commit: string) =>
    (await scene.tags(service))[`staging-${commit.slice(0, 7)}`];

  const deliverOk = async (commit: string, approve?: Approval) => {
    const { outcome, output } = await scene.deliver(commit, approve);
    if (outcome !== 'succeeded') throw new Error(output);
  };
  const unasked: Approval = () => Promise.reject(new Error('nobody should be asked'));

  it('pushes all services first, and moves tags and deploys after the approval', async () => {
    const commit = await workspace.head();
    const before = await state();
    expect(before).toMatchObject({ letter: undefined, parcel: undefined, commit: undefined });
    const atApproval: unknown[] = [];
    await deliverOk(commit, async () => {
      atApproval.push(await state(), await pushed('letter', commit));
      return true;
    });
    const letter = await pushed('letter', commit);
    const parcel = await pushed('parcel', commit);
    expect(atApproval).toEqual([before, letter]);
    expect(letter).toMatch(/^sha256:/);
    expect(await state()).toEqual({ letter, parcel, runs: { letter, parcel }, commit });
  });

  if (all || form === 'AWS CodePipeline') {
    it('changes nothing if a person rejects it, and the next one contains its one service', async () => {
      const before = await state();
      const rejected = await workspace.change('letter');
      const result = await scene.deliver(rejected, () => Promise.resolve(false));
      expect(result.outcome).toBe('rejected');
      expect(await state()).toEqual(before);
      const commit = await workspace.changeDocs();
      await deliverOk(commit);
      const letter = await pushed('letter', commit);
      expect(letter).toBe(await pushed('letter', rejected));
      expect(await pushed('parcel', commit)).toBeUndefined();
      const runs = { ...before.runs, letter };
      expect(await state()).toEqual({ ...before, letter, runs, commit });
    });

    it('only records the commit if nothing is affected', async () => {
      const before = await state();
      const commit = await workspace.changeDocs();
      await deliverOk(commit);
      expect(await state()).toEqual({ ...before, commit });
      expect(await pushed('letter', commit)).toBeUndefined();
    });

    it('ends at a finding above the threshold before a person is asked, and no moving tag has moved', async () => {
      const before = await state();
      const commit = await workspace.change('letter');
      await scene.heal([{ name: 'CVE-1', severity: 'CRITICAL' }]);
      const { outcome, output } = await scene.deliver(commit, unasked);
      expect(outcome).toBe('failed');
      expect(output).toMatch(/CVE-1/);
      expect(await pushed('letter', commit)).toMatch(/^sha256:/);
      expect(await state()).toEqual(before);
    });
  }

  if (all || form === 'GitHub Actions') {
    it('moves nothing if the push fails twice, and the next one completes it', async () => {
      const before = await state();
      const commit = await workspace.change('letter');
      scene.proxy.refuse({ when: /^PUT .*letter\/manifests/, status: 500 });
      const { outcome, output } = await scene.deliver(commit, unasked);
      expect(outcome).toBe('failed');
      expect(output).toContain('The push failed. Retrying once.');
      expect(await state()).toEqual(before);
      await scene.heal();
      await deliverOk(commit);
      const letter = await pushed('letter', commit);
      expect(await state()).toEqual({
        ...before,
        letter,
        runs: { ...before.runs, letter },
        commit,
      });
    });

    it('returns to the former image, and the moving tag with it, if a service becomes unhealthy', async () => {
      const before = await state();
      const commit = await workspace.change('letter');
      let unhealthy = '';
      const { outcome, output } = await scene.deliver(commit, async () => {
        unhealthy = (await pushed('letter', commit)) ?? '';
        scene.ecs.crashing.add(unhealthy);
        return true;
      });
      expect(outcome).toBe('failed');
      expect(output).toMatch(/Rolled back: letter runs .* again/);
      expect(output).toContain('Not deployed to staging: letter.');
      expect(unhealthy).not.toBe(before.letter);
      // Its images were released: the next delivery does not release the unhealthy one again.
      expect(await state()).toEqual({ ...before, commit });
    });

    it('keeps the version that a person has rolled back to', async () => {
      const before = await state();
      const commit = await workspace.changeDocs();
      const nx = async (...args: string[]) =>
        expect(await scene.command(commit, 'run', ...args)).toMatchObject({ code: 0 });
      await nx('letter:docker-rollback:staging');
      await nx('letter:docker-deploy:staging');
      const rolledBack = await state();
      expect(rolledBack.letter).not.toBe(before.letter);
      expect(rolledBack.runs.letter).toBe(rolledBack.letter);
      await deliverOk(commit);
      expect(await state()).toEqual({ ...rolledBack, commit });
    });
  }
});
