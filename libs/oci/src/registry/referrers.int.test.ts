import { fakeRegistries } from '../../test/fake-registry-setup';
import { type FakeRegistryOptions } from '../../test/fake-registry';
import { digestOf } from '../digest';
import { type Descriptor, MEDIA_TYPE } from '../manifest';
import { type RegistryClient } from './registry-client';
import { attachArtifact, type AttachArtifactRequest, fetchArtifact } from './artifact';
import { listReferrers } from './referrers';

const setup = fakeRegistries();
const SBOM = 'application/vnd.cyclonedx+json';
const PROVENANCE = 'application/vnd.in-toto+json';
const subject: Descriptor = {
  mediaType: MEDIA_TYPE.ociManifest,
  digest: digestOf('an image'),
  size: 8,
};

const attach = (client: RegistryClient, rest: Partial<AttachArtifactRequest> = {}) =>
  attachArtifact({
    client,
    repository: 'r',
    subject,
    artifactType: SBOM,
    layers: [{ mediaType: SBOM, bytes: Buffer.from('{"bom":1}') }],
    ...rest,
  });

describe.each<[string, FakeRegistryOptions]>([
  ['a registry with the referrers API', {}],
  ['a registry without the referrers API', { referrers: false }],
])('in %s', (_title, options) => {
  it('finds an artifact by its type, and fetches it', async () => {
    const { client } = await setup(options);
    const annotations = { b: '2', a: '1' };
    const sbom = await attach(client, { annotations });
    const other = await attach(client, { artifactType: PROVENANCE });
    const all = await listReferrers(client, 'r', subject.digest);
    expect(all.map(({ digest }) => digest).sort()).toEqual([sbom.digest, other.digest].sort());
    const [found, ...more] = await listReferrers(client, 'r', subject.digest, SBOM);
    expect(more).toEqual([]);
    expect(found).toMatchObject({ digest: sbom.digest, size: sbom.size, artifactType: SBOM });
    const { layers, manifest } = await fetchArtifact(client, 'r', sbom.digest);
    expect(layers.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(['{"bom":1}']);
    expect(manifest).toMatchObject({ annotations, subject, artifactType: SBOM });
  });

  it('attaches the same artifact once, and uploads its content once', async () => {
    const { client, registry } = await setup(options);
    const one = await attach(client, { annotations: { a: '1', b: '2' } });
    const { receivedBytes } = registry;
    expect(await attach(client, { annotations: { b: '2', a: '1' } })).toEqual(one);
    expect(await listReferrers(client, 'r', subject.digest)).toHaveLength(1);
    expect(registry.receivedBytes - receivedBytes).toBe(one.size);
  });

  it('keeps all artifacts that are attached concurrently', async () => {
    const { client } = await setup(options);
    const types = ['a/1', 'a/2', 'a/3'];
    for (const artifactType of types) await attach(client, { artifactType });
    await Promise.all(
      types.map((artifactType) => attach(client, { artifactType: `${artifactType}+x` })),
    );
    expect(await listReferrers(client, 'r', subject.digest)).toHaveLength(6);
  });

  it('lists no referrers of a missing manifest', async () => {
    const { client } = await setup(options);
    expect(await listReferrers(client, 'r', subject.digest, SBOM)).toEqual([]);
  });
});

describe('the referrers tag schema', () => {
  it('uses the digest of the subject as the tag of an index', async () => {
    const { client } = await setup({ referrers: false });
    const { digest, size } = await attach(client);
    const tag = `sha256-${subject.digest.slice('sha256:'.length)}`;
    const { bytes, descriptor } = await client.getManifest('r', tag);
    expect(descriptor.mediaType).toBe(MEDIA_TYPE.ociIndex);
    const mediaType = MEDIA_TYPE.ociManifest;
    expect(JSON.parse(bytes.toString())).toMatchObject({
      manifests: [{ mediaType, digest, size, artifactType: SBOM }],
    });
  });

  it('is not used if the registry has the referrers API', async () => {
    const { registry, client } = await setup();
    await attach(client);
    expect([...registry.manifests.keys()].filter((key) => key.includes('sha256-'))).toEqual([]);
  });

  it('reports a tag that does not point to an index', async () => {
    const { client } = await setup({ referrers: false });
    const tag = `sha256-${subject.digest.slice('sha256:'.length)}`;
    await client.putManifest('r', tag, MEDIA_TYPE.ociManifest, Buffer.from('{"schemaVersion":2}'));
    await expect(attach(client)).rejects.toThrow(/does not point to an index.*Remove that tag/);
  });
});

describe('an artifact', () => {
  it('has the empty config and reproducible bytes', async () => {
    const { client } = await setup();
    const { digest } = await attach(client, { annotations: { b: '2', a: '1' } });
    const { bytes } = await client.getManifest('r', digest);
    const empty = 'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a';
    const layer = `{"mediaType":"${SBOM}","digest":"${digestOf('{"bom":1}')}","size":9}`;
    expect(bytes.toString()).toBe(
      `{"schemaVersion":2,"mediaType":"${MEDIA_TYPE.ociManifest}","artifactType":"${SBOM}",` +
        `"config":{"mediaType":"application/vnd.oci.empty.v1+json","digest":"${empty}","size":2},` +
        `"layers":[${layer}],"subject":${JSON.stringify(subject)},"annotations":{"a":"1","b":"2"}}`,
    );
  });

  it('is rejected if it does not match its digest', async () => {
    const { client, registry } = await setup();
    const { digest } = await attach(client);
    registry.blobs.set(`r/${digestOf('{"bom":1}')}`, Buffer.from('{"bom":2}'));
    const fetching = fetchArtifact(client, 'r', digest);
    await expect(fetching).rejects.toMatchObject({ code: 'DIGEST_MISMATCH' });
  });

  it('is rejected if it is an index or too large', async () => {
    const { client } = await setup();
    const index = Buffer.from(`{"schemaVersion":2,"manifests":[]}`);
    const { digest } = await client.putManifest('r', 'i', MEDIA_TYPE.ociIndex, index);
    await expect(fetchArtifact(client, 'r', digest)).rejects.toThrow(/is not an artifact/);
  });
});
