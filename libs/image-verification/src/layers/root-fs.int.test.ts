import { lstat, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type ImageFile } from './read-layer';
import { writeRootFs } from './root-fs';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'root-fs-'));
});
afterEach(() => rm(root, { recursive: true }));

const entry = (target: string, rest: Partial<ImageFile> = {}): ImageFile => ({
  path: target,
  type: 'file',
  mode: 0o644,
  uid: 0,
  gid: 0,
  content: Buffer.from(target),
  ...rest,
});
const text = (file: string) => readFile(path.join(root, file), 'utf8');
const names = async () => (await readdir(root, { recursive: true })).map(String).sort();

it('writes the content of the last layer that contains a file', async () => {
  await writeRootFs([entry('/app/a'), entry('/app/a', { content: Buffer.from('new') })], root);
  expect(await text('app/a')).toBe('new');
});

it('leaves out files that a later layer deletes', async () => {
  const files = ['/app/a', '/app/b/c', '/app/d', '/app/.wh.a', '/app/.wh.b'];
  await writeRootFs(
    files.map((file) => entry(file)),
    root,
  );
  expect(await names()).toEqual(['app', 'app/d']);
});

it('leaves out the content of a folder that a later layer replaces', async () => {
  const files = ['/app/a', '/app/b/c', '/app/.wh..wh..opq', '/app/d'];
  await writeRootFs(
    files.map((file) => entry(file)),
    root,
  );
  expect(await names()).toEqual(['app', 'app/d']);
});

it('follows links inside the image, and never out of it', async () => {
  const files = [
    entry('/app/link', { type: 'symlink', target: '/app/a' }),
    entry('/app/near', { type: 'symlink', target: 'a' }),
    entry('/app/out', { type: 'symlink', target: '../../../../etc/passwd' }),
    entry('/app/hard', { type: 'hardlink', target: 'app/a' }),
    entry('/app/a'),
  ];
  await writeRootFs(files, root);
  for (const name of ['link', 'near', 'hard']) expect(await text(`app/${name}`)).toBe('/app/a');
  await expect(text('app/out')).rejects.toMatchObject({ code: 'ENOENT' });
});

it('writes nothing outside of the root for a path with ..', async () => {
  const name = path.basename(root);
  await writeRootFs([entry(`/../${name}-outside`)], root);
  await expect(lstat(`${root}-outside`)).rejects.toMatchObject({ code: 'ENOENT' });
});
