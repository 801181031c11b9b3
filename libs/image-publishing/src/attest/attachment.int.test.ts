import { type Descriptor, listReferrers, RegistryClient } from '@typerush/oci';
import { MemoryRegistry } from '@typerush/oci/testing';
import { type Attachment, attachMissing, type AttachTarget } from './attachment';

const path = 'team/app';
const image: Descriptor = {
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  digest: `sha256:${'a'.repeat(64)}`,
  size: 1,
};

describe('attachMissing', () => {
  let registry: MemoryRegistry;
  let target: AttachTarget;

  beforeEach(async () => {
    registry = new MemoryRegistry();
    await registry.start();
    const { host, secret: password } = registry;
    const credentials = () => Promise.resolve({ username: 'AWS', password });
    target = { client: new RegistryClient({ host, credentials }), repository: { path } };
  });
  afterEach(() => registry.stop());

  const provenance = (content: () => Promise<Buffer>): Attachment => ({
    kind: 'provenance',
    artifactType: 'application/vnd.in-toto+json',
    annotations: { 'in-toto.io/predicate-type': 'https://slsa.dev/provenance/v1' },
    content,
  });
  const of = (push: string) => provenance(() => Promise.resolve(Buffer.from(push)));
  const attached = () => listReferrers(target.client, path, image.digest);

  it('attaches what an image lacks, once', async () => {
    const [first] = await attachMissing(target, image, [of('first')]);
    const [second] = await attachMissing(target, image, [of('second')]);
    expect([first?.action, second?.action]).toEqual(['attached', 'present']);
    expect(second?.digest).toBe(first?.digest);
    expect(await attached()).toHaveLength(1);
  });

  it('attaches nothing that another push has attached meanwhile', async () => {
    const slow = provenance(async () => {
      await attachMissing(target, image, [of('the other push')]);
      return Buffer.from('this push');
    });
    const [record] = await attachMissing(target, image, [slow]);
    const [other, ...more] = await attached();
    expect(more).toEqual([]);
    expect(record).toMatchObject({ action: 'present', digest: other?.digest });
  });

  it('attaches beside one of the same type with other annotations', async () => {
    await attachMissing(target, image, [of('first')]);
    const annotations = { 'in-toto.io/predicate-type': 'https://example.com/another' };
    await attachMissing(target, image, [{ ...of('second'), annotations }]);
    expect(await attached()).toHaveLength(2);
  });
});
