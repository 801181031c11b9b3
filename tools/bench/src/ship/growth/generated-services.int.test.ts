import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Runner } from '../runner';
import { cleanEnvironment } from '../workspace-copy';
import { copyPlugin, writeServices } from './generated-services';

const workspaceRoot = path.join(__dirname, '../../../../..');
jest.setTimeout(120_000);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bench-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('a workspace of generated services', () => {
  it('has all that the plugin is compiled from, and images for the services', async () => {
    const runner = new Runner(cleanEnvironment(process.env, `test-${process.pid}`));
    const copy = await copyPlugin({ workspaceRoot, folder, runner });
    await writeServices(copy, 2);
    const show = ['show', 'projects', '--with-target', 'docker-push', '--json'];
    const shown = await runner.run(copy.nx('show', show, { NX_DAEMON: 'false' }));
    expect((JSON.parse(shown) as string[]).sort()).toEqual(['service-1', 'service-2']);
  });
});
