import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, statfs, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BatchDeleteImageCommand,
  CreateRepositoryCommand,
  GetAuthorizationTokenCommand,
} from '@aws-sdk/client-ecr';
import { imagesOf, LocalRegistry } from './support/local-registry';
import { randomImage } from './support/random-image';
import { run } from './support/run';
import { Tmpfs } from './support/tmpfs';

const repositoryName = 'team/app';
const megabyte = 1024 * 1024;

const digestOf = (bytes: Buffer) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** An image of one layer. */
function imageOf(layer: Buffer) {
  const config = Buffer.from(JSON.stringify({ layer: digestOf(layer) }));
  const descriptor = (mediaType: string, bytes: Buffer) => ({
    mediaType: `application/vnd.oci.image.${mediaType}`,
    digest: digestOf(bytes),
    size: bytes.length,
  });
  const manifest = {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: descriptor('config.v1+json', config),
    layers: [descriptor('layer.v1.tar', layer)],
  };
  return { blobs: [config, layer], manifest: Buffer.from(JSON.stringify(manifest)) };
}

describe('ecr-local on a full file system', () => {
  let folder: string;
  let disk: Tmpfs;
  let registry: LocalRegistry;
  let authorization: string;
  const acknowledged = new Map<string, Buffer>();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'full-disk-'));
    disk = await Tmpfs.mount(join(folder, 'disk'), 24);
    registry = await start();
    await registry.createRepositories(repositoryName);
    const { authorizationData } = await registry.ecr.send(new GetAuthorizationTokenCommand({}));
    authorization = `Basic ${authorizationData?.[0]?.authorizationToken}`;
  });
  afterAll(async () => {
    await registry?.stop();
    await disk?.unmount();
    if (folder) await rm(folder, { recursive: true });
  });

  const start = () => LocalRegistry.startFromSource({ data: join(disk.folder, 'data') });

  const send = (path: string, method: string, body: Buffer, type = 'application/octet-stream') =>
    fetch(`${registry.url}/v2/${repositoryName}/${path}`, {
      method,
      body: new Uint8Array(body),
      headers: { authorization, 'content-type': type },
    });

  /** The first answer that is not 201, or 201. */
  async function push(tag: string, layer: Buffer): Promise<Response> {
    const { blobs, manifest } = imageOf(layer);
    for (const blob of blobs) {
      const uploaded = await send(`blobs/uploads/?digest=${digestOf(blob)}`, 'POST', blob);
      if (uploaded.status !== 201) return uploaded;
    }
    const type = 'application/vnd.oci.image.manifest.v1+json';
    const put = await send(`manifests/${tag}`, 'PUT', manifest, type);
    if (put.status === 201) acknowledged.set(tag, layer);
    return put;
  }

  async function expectAllWhole() {
    const tags = [...(await imagesOf(registry.ecr, repositoryName)).values()].flat();
    expect(tags.sort()).toEqual([...acknowledged.keys()].sort());
    const get = (path: string) =>
      fetch(`${registry.url}/v2/${repositoryName}/${path}`, { headers: { authorization } });
    for (const [tag, layer] of acknowledged) {
      const manifest = await get(`manifests/${tag}`);
      expect(Buffer.from(await manifest.arrayBuffer())).toEqual(imageOf(layer).manifest);
      for (const blob of imageOf(layer).blobs) {
        const pulled = await get(`blobs/${digestOf(blob)}`);
        expect(digestOf(Buffer.from(await pulled.arrayBuffer()))).toBe(digestOf(blob));
      }
    }
  }

  it('refuses pushes with a reason', async () => {
    const pushUntilFull = async (client: string) => {
      for (let n = 1; ; n += 1) {
        const answer = await push(`${client}-${n}`, randomBytes(megabyte));
        if (answer.status !== 201) return [answer.status, await answer.text()];
      }
    };
    const answers = await Promise.all(['a', 'b', 'c'].map(pushUntilFull));
    for (const answer of answers) {
      expect(answer).toEqual([507, expect.stringContaining('There is no space left')]);
    }
    expect(acknowledged.size).toBeGreaterThan(10);
    await expectAllWhole();
  });

  it('refuses every change when not a byte is left, and images can still be pulled', async () => {
    const ballast = join(disk.folder, 'ballast');
    const { bavail, bsize } = await statfs(disk.folder);
    await writeFile(ballast, Buffer.alloc(bavail * bsize));
    expect((await statfs(disk.folder)).bavail).toBe(0);
    const refused = { message: expect.stringContaining('There is no space left') };
    const create = new CreateRepositoryCommand({ repositoryName: 'team/other' });
    await expect(registry.ecr.send(create)).rejects.toMatchObject(refused);
    const answer = await push('small', Buffer.from('small'));
    expect([answer.status, await answer.text()]).toEqual([
      507,
      expect.stringContaining('There is no space left'),
    ]);
    // A change of an existing repository needs a line in its log, whose last block may have room for a few.
    const [tag = ''] = acknowledged.keys();
    const { manifest } = imageOf(acknowledged.get(tag) ?? Buffer.of());
    const type = 'application/vnd.oci.image.manifest.v1+json';
    for (let n = 1, status = 201; status === 201; n += 1) {
      ({ status } = await send(`manifests/extra-${n}`, 'PUT', manifest, type));
      if (status === 201) acknowledged.set(`extra-${n}`, acknowledged.get(tag) ?? Buffer.of());
      else expect(status).toBe(507);
    }
    const remove = new BatchDeleteImageCommand({ repositoryName, imageIds: [{ imageTag: tag }] });
    await expect(registry.ecr.send(remove)).rejects.toMatchObject(refused);
    await expectAllWhole();
    await truncate(ballast);
  });

  it('accepts pushes again once space is freed, and has lost nothing after a restart', async () => {
    await disk.resize(32);
    for (const tag of ['later-1', 'later-2']) {
      expect((await push(tag, randomBytes(megabyte))).status).toBe(201);
    }
    await expectAllWhole();
    await registry.stop();
    registry = await start();
    await expectAllWhole();
    expect((await push('last', randomBytes(megabyte))).status).toBe(201);
  });

  it('is named by skopeo each time', async () => {
    const layout = join(folder, 'image');
    await randomImage(layout, [12 * megabyte]);
    const [user = '', password = ''] = Buffer.from(authorization.slice(6), 'base64')
      .toString()
      .split(':');
    const target = `docker://127.0.0.1:${registry.port}/${repositoryName}:skopeo`;
    // It closes the connection after each request, and may read the answer after the end of its body only.
    for (let n = 0; n < 10; n += 1) {
      const { code, output } = await run('skopeo', [
        'copy',
        '--dest-tls-verify=false',
        `--dest-creds=${user}:${password}`,
        `oci:${layout}`,
        target,
      ]);
      expect(code).not.toBe(0);
      expect(output).toContain('507 Insufficient Storage');
    }
  });
});
