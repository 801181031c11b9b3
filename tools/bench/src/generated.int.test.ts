import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  evaluateLifecyclePolicy,
  parseImageConfig,
  parseRegistryConfig,
  retentionPolicy,
} from '@typerush/image-registry';
import { generateImages } from './preview';
import { writeWorkspace } from './synthesis';

const now = new Date('2026-11-21T12:00:00Z');

describe('the generated workspace and images', () => {
  it('are valid by the schemas of image.json and registry.json', async () => {
    const root = await mkdtemp(path.join(tmpdir(), 'bench-'));
    await writeWorkspace(root, 3);
    const read = (file: string) => readFile(path.join(root, file), 'utf8');
    expect(parseRegistryConfig(await read('registry.json')).namespace).toBe('bench');
    expect(await readdir(path.join(root, 'apps'))).toHaveLength(3);
    const file = 'apps/service-2/image.json';
    expect(parseImageConfig(await read(file), file).retention).toBe('release');
    await rm(root, { recursive: true });
  });

  it('have each tag once, and a policy expires most images but not all', () => {
    const images = generateImages(10_000, 3, now);
    const tags = images.flatMap((image) => image.tags);
    expect(new Set(tags).size).toBe(tags.length);
    expect(new Set(images.map(({ digest }) => digest)).size).toBe(10_000);
    const { length } = evaluateLifecyclePolicy(retentionPolicy('environment'), images, now);
    expect(length).toBeGreaterThan(8000);
    expect(length).toBeLessThan(10_000);
  });
});
