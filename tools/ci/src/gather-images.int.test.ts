import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Sandbox } from '../test/sandbox';

const script = path.join(__dirname, '../gather-images.mjs');

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await Sandbox.create();
});
afterEach(() => sandbox.remove());

async function write(file: string, content: unknown): Promise<void> {
  const to = path.join(sandbox.work, file);
  await mkdir(path.dirname(to), { recursive: true });
  await writeFile(to, JSON.stringify(content));
}

async function pushed(service: string): Promise<void> {
  const folder = `dist/images/${service}`;
  const imageUri = `registry/typerush/${service}@sha256:1`;
  await write(`${folder}/imagedefinitions.json`, [{ name: service, imageUri }]);
  await write(`${folder}/imageDetail.json`, { ImageURI: imageUri });
  await write(`${folder}/push.json`, { service, imageUri, tags: [{ tag: 'latest' }] });
}

const gather = () => sandbox.run(process.execPath, [script]);
const delivery = (file: string) => path.join(sandbox.work, 'dist/delivery', file);

describe('what is gathered of a delivery', () => {
  it('is, for each service that was pushed, what deploy actions read', async () => {
    await pushed('game-service');
    await pushed('record-service');
    expect(await gather()).toMatchObject({ code: 0, stderr: '' });
    expect((await readdir(delivery('.'))).sort()).toEqual([
      'game-service',
      'record-service',
      'summary.md',
    ]);
    expect(
      JSON.parse(await readFile(delivery('game-service/imagedefinitions.json'), 'utf8')),
    ).toEqual([{ name: 'game-service', imageUri: 'registry/typerush/game-service@sha256:1' }]);
    expect((await readdir(delivery('game-service'))).sort()).toEqual([
      'imageDetail.json',
      'imagedefinitions.json',
      'push.json',
    ]);
    expect(await readFile(delivery('summary.md'), 'utf8')).toContain(
      '| game-service | `registry/typerush/game-service@sha256:1` | latest | pushed |\n',
    );
  });

  it('is a summary alone where nothing is affected', async () => {
    expect(await gather()).toMatchObject({ code: 0, stderr: '' });
    expect(await readdir(delivery('.'))).toEqual(['summary.md']);
    expect(await readFile(delivery('summary.md'), 'utf8')).toMatch(/nothing was pushed/);
  });

  it('leaves out an image that was only built, and what an earlier delivery left', async () => {
    await pushed('game-service');
    await gather();
    await write('dist/images/web/build.json', {});
    await sandbox.run('rm', ['-r', 'dist/images/game-service']);
    await gather();
    expect(await readdir(delivery('.'))).toEqual(['summary.md']);
  });
});
