/**
 * Changes images of the repository in a data folder until it is killed, and prints the number of each change once it is
 * acknowledged. There are three images, so that the log is rewritten every few hundred changes.
 */
import { Images } from '../registry/images';
import { createRefusals } from '../registry/refusals';
import { openRepositoryStore } from '../registry/repository-store';
import { openFolderStorage } from '../storage/folder/folder-storage';

const [folder = '', start = '0'] = process.argv.slice(2);
const name = 'team/app';

const fail = (error: unknown) => {
  throw error;
};

async function main() {
  const storage = await openFolderStorage(folder, fail);
  const clock = () => new Date();
  const refusals = createRefusals('000000000000');
  const store = await openRepositoryStore({ storage, refusals, clock, onDelay: fail });
  if (!store.find(name)) {
    await store.create({
      id: '3f0c5f0e-58f5-4b64-8e3b-9a51c1b3a7d2',
      name,
      createdAt: clock().toISOString(),
      imageTagMutability: 'MUTABLE',
      scanOnPush: false,
      encryption: { encryptionType: 'AES256' },
      resourceTags: [],
      images: new Images(),
    });
  }
  for (let n = Number(start); ; n += 1) {
    const digest = `sha256:${n % 3}`;
    const tag = `t${n}`;
    await store.changeImages(name, (draft) => {
      draft.put({
        digest,
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        manifestSize: 1,
        size: 1,
        pushedAt: '2026-01-01T00:00:00.000Z',
        tags: [tag],
        blobs: [],
        children: [],
      });
    });
    process.stdout.write(`${n}\n`);
  }
}

void main();
