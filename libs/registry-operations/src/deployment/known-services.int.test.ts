import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type RegistryConfig } from '@typerush/image-registry';
import { assertServiceKnown } from './known-services';

const registry: RegistryConfig = { namespace: 'team', naming: 'shared' };

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'services-'));
  const folder = path.join(root, 'dist/infra/dev');
  await mkdir(folder, { recursive: true });
  const stacks = ['access', 'monitoring', 'app', 'web-shop'].map(
    (part) => `team-dev-registry-${part}`,
  );
  const artifacts = Object.fromEntries(
    stacks.map((stackName) => [
      stackName,
      {
        type: 'aws:cloudformation:stack',
        properties: { stackName, templateFile: `${stackName}.template.json` },
      },
    ]),
  );
  await writeFile(path.join(folder, 'manifest.json'), JSON.stringify({ artifacts }));
  for (const stack of stacks) {
    await writeFile(path.join(folder, `${stack}.template.json`), JSON.stringify({ Resources: {} }));
  }
});
afterEach(() => rm(root, { recursive: true }));

describe('assertServiceKnown', () => {
  it.each(['app', '@web/shop'])('accepts %s, which has a stack', async (service) => {
    await assertServiceKnown(root, 'dev', registry, service);
  });

  it.each(['nope', 'ap', ''])('rejects "%s" and lists the services', async (service) => {
    await expect(assertServiceKnown(root, 'dev', registry, service)).rejects.toMatchObject({
      code: 'SERVICE_UNKNOWN',
      message: expect.stringMatching(/Fix: pass --service with one of: app, web-shop$/),
    });
  });
});
