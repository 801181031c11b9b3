import { type Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { type Headers, pack } from 'tar-stream';
import { digestOf } from '../src/digest';
import { type ImageConfig } from '../src/manifest';

/** The layouts of image archives of engines. */
export type ArchiveForm = 'docker 20' | 'docker 25' | 'docker on containerd' | 'podman';

interface Saved {
  readonly config: ImageConfig;
  /** Uncompressed tars. */
  readonly layers: readonly Buffer[];
}

/** The image archive of an engine. */
export function engineArchive(form: ArchiveForm, { config, layers }: Saved): () => Readable {
  const text = Buffer.from(JSON.stringify(config));
  const hex = (bytes: Buffer) => digestOf(bytes).slice('sha256:'.length);
  const entries: (Headers & { content?: Buffer })[] = [];
  const names = layers.map((layer, index) => {
    const content = form === 'docker on containerd' ? gzipSync(layer) : layer;
    if (form === 'docker 20') {
      // A repeated layer is a link to the first one.
      const first = layers.findIndex((other) => other.equals(layer));
      const name = `${'0'.repeat(63)}${index}/layer.tar`;
      const target = `../${'0'.repeat(63)}${first}/layer.tar`;
      entries.push({ name: `${'0'.repeat(63)}${index}/VERSION`, content: Buffer.from('1.0') });
      entries.push(first < index ? { name, type: 'symlink', linkname: target } : { name, content });
      return name;
    }
    const name = form === 'podman' ? `${hex(content)}.tar` : `blobs/sha256/${hex(content)}`;
    if (!entries.some((entry) => entry.name === name)) entries.push({ name, content });
    return name;
  });
  const configName =
    form.startsWith('docker 20') || form === 'podman'
      ? `${hex(text)}.json`
      : `blobs/sha256/${hex(text)}`;
  entries.push({ name: configName, content: text });
  const manifest = [{ Config: configName, RepoTags: ['app:build'], Layers: names }];
  entries.push({ name: 'manifest.json', content: Buffer.from(JSON.stringify(manifest)) });
  return () => tarOf(entries);
}

/** A layer of an engine: files with a modification time. */
export async function engineLayer(
  files: Readonly<Record<string, string>>,
  time: number,
): Promise<Buffer> {
  const mtime = new Date(time * 1000);
  return buffer(
    tarOf(
      Object.entries(files).map(([name, text]) =>
        name.endsWith('/')
          ? { name, type: 'directory' as const, mode: 0o755, mtime, uname: 'root' }
          : { name, mode: 0o644, mtime, uname: 'root', content: Buffer.from(text) },
      ),
    ),
  );
}

function tarOf(entries: readonly (Headers & { content?: Buffer })[]): Readable {
  const tar = pack();
  for (const { content, ...header } of entries) tar.entry(header, content);
  tar.finalize();
  return tar;
}
