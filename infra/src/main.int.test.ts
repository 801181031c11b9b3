import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { environments } from '@typerush/image-registry';
import { main, runNode, tsx } from '../test/run';
import { FixtureWorkspace, imageConfig } from '../test/workspace';

let workspace: FixtureWorkspace;
beforeEach(async () => {
  workspace = await FixtureWorkspace.create();
});
afterEach(() => workspace.remove());

/** Runs the app as the CDK does, in a process of its own. */
async function synthesize(context: Record<string, unknown>, { validate = false } = {}) {
  const { code, stderr } = await runNode(['--import', tsx, main], {
    cwd: workspace.root,
    env: {
      CDK_VALIDATION: String(validate),
      CDK_OUTDIR: path.join(workspace.root, 'out'),
      CDK_CONTEXT_JSON: JSON.stringify(context),
    },
  });
  return { code, stderr };
}

async function templates(): Promise<string[]> {
  const files = await readdir(path.join(workspace.root, 'out'));
  return files.filter((file) => file.endsWith('.template.json')).sort();
}

describe('the CDK app', () => {
  it.each(environments)(
    'writes the stacks of %s',
    async (environment) => {
      expect(await synthesize({ environment })).toEqual({ code: 0, stderr: '' });
      expect(await templates()).toEqual(
        expect.arrayContaining(
          ['access', 'api', 'game-service', 'realtime', 'workers'].map(
            (part) => `typerush-${environment}-registry-${part}.template.json`,
          ),
        ),
      );
    },
    60_000,
  );

  it('gives the CDK’s own rules nothing to find', async () => {
    const context = { environment: 'prod', '@aws-cdk/core:validateAgainstDefaultRules': true };
    expect(await synthesize(context, { validate: true })).toEqual({ code: 0, stderr: '' });
    const report = await readFile(path.join(workspace.root, 'out/validation-report.json'), 'utf8');
    expect(JSON.parse(report)).toMatchObject({ pluginReports: [] });
  }, 60_000);

  it.each(['production', undefined])(
    'refuses the environment %s',
    async (environment) => {
      const { code, stderr } = await synthesize({ environment });
      expect(code).toBe(1);
      expect(stderr).toMatch(/one of local, dev, staging, prod/);
      expect(stderr).not.toMatch(/^ +at /m);
    },
    60_000,
  );

  it('tells all that is wrong in every image.json, and writes nothing', async () => {
    await workspace.write('apps/game-service/image.json', {
      ...imageConfig,
      retention: 'forever',
    });
    await workspace.write('apps/record-service/image.json', {
      ...imageConfig,
      prot: 3001,
    });
    const { code, stderr } = await synthesize({ environment: 'dev' });
    expect(code).toBe(1);
    expect(stderr).toBe(
      [
        'apps/game-service/image.json is not valid:',
        '  - retention: must be one of environment, release, not "forever"',
        'apps/record-service/image.json is not valid:',
        '  - prot: is not a known field. Did you mean "port"?',
        '',
      ].join('\n'),
    );
    expect(await templates()).toEqual([]);
  }, 60_000);

  it('says what to do where it does not run in a workspace', async () => {
    await rm(path.join(workspace.root, 'registry.json'));
    const { code, stderr } = await synthesize({ environment: 'dev' });
    expect(code).toBe(1);
    expect(stderr).toMatch(/registry\.json is missing\. Run this from the root of the workspace/);
  }, 60_000);

  it('writes a hundred services', async () => {
    for (let nth = 1; nth <= 100; nth++) {
      await workspace.write(`apps/service-${nth}/image.json`, {
        ...imageConfig,
        repository: `service-${nth}`,
      });
    }
    expect(await synthesize({ environment: 'prod' })).toEqual({ code: 0, stderr: '' });
    const services = (await templates()).filter((file) => /-registry-service-\d+\./.test(file));
    expect(services).toHaveLength(100);
  }, 60_000);
});
