import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { temporaryFolder } from '../test/temporary-folder';
import { digestOf } from './digest';
import { OciLayout } from './layout';
import { MEDIA_TYPE } from './manifest';

const folder = temporaryFolder();

describe('OciLayout', () => {
  it('rejects a folder that is not a layout', async () => {
    await expect(OciLayout.open(folder())).rejects.toMatchObject({ code: 'LAYOUT_INVALID' });
  });

  it('reads a written blob, and reports a damaged or missing one', async () => {
    const layout = await OciLayout.create(path.join(folder(), 'a'));
    const { digest } = await layout.write(Buffer.from('hello'));
    expect((await layout.read(digest)).toString()).toBe('hello');
    await writeFile(layout.blobPath(digest), 'hellO');
    await expect(layout.read(digest)).rejects.toMatchObject({ code: 'DIGEST_MISMATCH' });
    await expect(layout.read(digestOf('x'))).rejects.toMatchObject({ code: 'BLOB_MISSING' });
  });

  it('rejects a file that does not match its digest, and leaves no file behind', async () => {
    const layout = await OciLayout.create(path.join(folder(), 'b'));
    const file = path.join(folder(), 'source');
    await writeFile(file, 'other');
    const blob = { mediaType: 'text/plain', digest: digestOf('this'), size: 4 };
    await expect(layout.push(blob, async () => file)).rejects.toMatchObject({
      code: 'DIGEST_MISMATCH',
    });
    expect(await readdir(path.dirname(layout.blobPath(blob.digest)))).toEqual([]);
  });

  it('removes content that the images do not refer to', async () => {
    const layout = await OciLayout.create(path.join(folder(), 'c'));
    const old = await layout.write(Buffer.from('old'));
    const config = await layout.write(Buffer.from('{}'));
    const manifest = await layout.write(
      Buffer.from(
        JSON.stringify({
          schemaVersion: 2,
          config: { mediaType: MEDIA_TYPE.ociConfig, ...config },
          layers: [],
        }),
      ),
    );
    const image = { mediaType: MEDIA_TYPE.ociManifest, ...manifest };
    await layout.setImages([image]);
    const opened = await OciLayout.open(layout.dir);
    expect(await opened.images()).toEqual([image]);
    await expect(opened.read(old.digest)).rejects.toMatchObject({ code: 'BLOB_MISSING' });
    await expect(opened.read(config.digest)).resolves.toBeDefined();
  });
});
