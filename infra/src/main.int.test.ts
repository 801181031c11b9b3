import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { main, runNode, tsx } from '../test/run';
import { FixtureWorkspace, imageConfig } from '../test/workspace';

jest.setTimeout(60_000);

let workspace: FixtureWorkspace;
beforeEach(async () => {
  workspace = await FixtureWorkspace.create();
});
afterEach(() => workspace.remove());

/** Runs the app as the CDK does, in a process of its own. */
async function synthesize(context: Record<string, unknown>) {
  const { code, stderr } = await runNode(['--import', tsx, main], {
    cwd: workspace.root,
    env: {
      CDK_VALIDATION: 'false',
      CDK_OUTDIR: path.join(workspace.root, 'out'),
      CDK_CONTEXT_JSON: JSON.stringify(context),
    },
  });
  return { code, stderr };
}

async function templates(): Promise<string[]> {
  const files = await readdir(path.join(workspace.root, 'out')).catch(() => []);
  return files.filter((file) => file.endsWith('.template.json')).sort();
}

describe('the CDK app', () => {
  it('writes the templates of an environment, and nothing to standard error', async () => {
    expect(await synthesize({ environment: 'prod' })).toEqual({ code: 0, stderr: '' });
    expect(await templates()).toContain('typerush-prod-registry-game-service.template.json');
  });

  it('removes the templates of services that are gone, and those of no other folder', async () => {
    await workspace.write('apps/record-service/image.json', {
      ...imageConfig,
      repository: 'record-service',
    });
    await synthesize({ environment: 'dev' });
    const all = await templates();
    expect(all).toContain('typerush-dev-registry-record-service.template.json');
    expect(all).toContain('typerush-dev-registry-workers.template.json');
    await rm(path.join(workspace.root, 'apps/record-service'), { recursive: true });
    await workspace.write('registry.json', { namespace: 'typerush', naming: 'shared' });
    await synthesize({ environment: 'dev' });
    expect(await templates()).toEqual(
      all.filter((file) => !/record-service|api|realtime|workers/.test(file)),
    );
  });

  it('writes one message without a stack trace, and no template, if a declaration is invalid', async () => {
    await workspace.write('apps/game-service/image.json', { ...imageConfig, retention: 'forever' });
    const { code, stderr } = await synthesize({ environment: 'dev' });
    expect(code).toBe(1);
    expect(stderr).toBe(
      [
        'apps/game-service/image.json is not valid:',
        '  - retention: must be one of environment, release, not "forever"',
        '',
      ].join('\n'),
    );
    expect(await templates()).toEqual([]);
  });
});
