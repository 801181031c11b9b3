import { imageType, indexType, sampleImage, sampleIndex } from '../test/sample-images';
import { parseManifest } from './manifest';

const json = (content: unknown) => Buffer.from(JSON.stringify(content));
const { config, layer, manifest } = sampleImage('a');
const parsed = JSON.parse(manifest.bytes.toString()) as Record<string, unknown>;

describe('a manifest', () => {
  it('names its config and layers', () => {
    expect(parseManifest(manifest.bytes, imageType)).toMatchObject({
      mediaType: imageType,
      artifactType: 'application/vnd.oci.image.config.v1+json',
      blobs: [config.digest, layer.digest],
      children: [],
    });
  });

  it('of an index names its manifests', () => {
    const index = sampleIndex(sampleImage('a'), sampleImage('b'));
    expect(parseManifest(index.bytes, undefined)).toMatchObject({
      mediaType: indexType,
      blobs: [],
      children: [sampleImage('a').manifest.digest, sampleImage('b').manifest.digest],
    });
  });

  it('needs no layer that lies elsewhere', () => {
    const elsewhere = { ...(parsed.layers as object[])[0], urls: ['https://example.com/layer'] };
    const { blobs } = parseManifest(json({ ...parsed, layers: [elsewhere] }), imageType);
    expect(blobs).toEqual([config.digest]);
  });

  it('has no entries in a list that is null, as Go programs write it', () => {
    const index = { schemaVersion: 2, mediaType: indexType, manifests: null };
    expect(parseManifest(json(index), indexType)).toMatchObject({ children: [] });
    expect(parseManifest(json({ ...parsed, layers: null }), imageType)).toMatchObject({
      blobs: [config.digest],
    });
  });

  it('lacks a field that is null', () => {
    const nothing = { annotations: null, artifactType: null, subject: null };
    const layers = [{ ...(parsed.layers as object[])[0], mediaType: null, urls: null }];
    const content = { ...parsed, ...nothing, mediaType: null, layers };
    expect(parseManifest(json(content), imageType)).toMatchObject({
      annotations: undefined,
      subject: undefined,
      blobs: [config.digest, layer.digest],
    });
  });

  it.each([
    ['no JSON', Buffer.from('{'), imageType, 'Invalid JSON syntax'],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), imageType, 'Invalid JSON syntax'],
    ['another declared type', manifest.bytes, indexType, 'is not the declared'],
    [
      'no type at all',
      json({ ...parsed, mediaType: undefined }),
      undefined,
      'imageManifestMediaType',
    ],
    [
      'schema 1',
      json({ schemaVersion: 1 }),
      'application/vnd.docker.distribution.manifest.v1+json',
      'Unsupported',
    ],
    ['no config', json({ ...parsed, config: undefined }), imageType, "'config'"],
    ['null as its config', json({ ...parsed, config: null }), imageType, "'config'"],
    ['no layers', json({ ...parsed, layers: undefined }), imageType, "'layers'"],
    [
      'a bad digest',
      json({ ...parsed, layers: [{ digest: 'sha256:../..', size: 1 }] }),
      imageType,
      "'layers.0.digest'",
    ],
    [
      'a negative size',
      json({ ...parsed, layers: [{ digest: layer.digest, size: -1 }] }),
      imageType,
      "'layers.0.size'",
    ],
    ['more than 4 MiB', Buffer.alloc(4 * 1024 * 1024 + 1, 32), imageType, '4194304'],
  ])('with %s is refused', (_what, bytes, type, message) => {
    expect(() => parseManifest(bytes, type)).toThrow(message);
  });
});
