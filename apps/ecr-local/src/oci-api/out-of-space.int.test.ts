import { CreateRepositoryCommand } from '@aws-sdk/client-ecr';
import { createMemoryStorage } from '../storage/memory/memory-storage';
import { type LocalServer, startLocalServer } from '../test/local-server';
import { pushBlob, sampleBlob } from '../test/sample-images';

let server: LocalServer;
let full = false;

beforeEach(async () => {
  const storage = createMemoryStorage(() => new Date());
  const append: typeof storage.uploads.append = async (...all) => {
    if (full) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    return storage.uploads.append(...all);
  };
  server = await startLocalServer({
    storage: { ...storage, uploads: { ...storage.uploads, append } },
  });
  await server.client.send(new CreateRepositoryCommand({ repositoryName: 'app' }));
});
afterEach(() => server.close());

describe('a full disk', () => {
  it('is reported as such, and the rejected content can be pushed after space is freed', async () => {
    full = true;
    const refused = await pushBlob(server.v2, 'app', sampleBlob('hello'));
    expect(refused.status).toBe(507);
    expect(await refused.text()).toContain(
      'There is no space left in the data folder of ecr-local',
    );
    full = false;
    expect((await pushBlob(server.v2, 'app', sampleBlob('hello'))).status).toBe(201);
  });
});
