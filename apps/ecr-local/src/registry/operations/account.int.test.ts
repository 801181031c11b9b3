import { GetAccountSettingCommand, PutAccountSettingCommand } from '@aws-sdk/client-ecr';
import { createMemoryStorage } from '../../storage/memory/memory-storage';
import { type LocalServer, startLocalServer } from '../../test/local-server';

const storage = createMemoryStorage(() => new Date());
let server: LocalServer;
const start = async () => {
  server = await startLocalServer({ storage });
};
beforeEach(start);
afterEach(() => server.close());

const get = (name: string) => server.client.send(new GetAccountSettingCommand({ name }));
const put = (name: string, value: string) =>
  server.client.send(new PutAccountSettingCommand({ name, value }));

describe('an account setting', () => {
  it('starts as in ECR, and keeps what it is set to, past a restart', async () => {
    expect(await get('BLOB_MOUNTING')).toMatchObject({ value: 'DISABLED' });
    expect(await put('BLOB_MOUNTING', 'ENABLED')).toMatchObject({ value: 'ENABLED' });
    await server.close();
    await start();
    expect(await get('BLOB_MOUNTING')).toMatchObject({ name: 'BLOB_MOUNTING', value: 'ENABLED' });
  });

  it('rejects an unknown setting name or value', async () => {
    const refusal = { name: 'InvalidParameterException' };
    await expect(get('NO_SUCH')).rejects.toMatchObject(refusal);
    await expect(put('NO_SUCH', 'ENABLED')).rejects.toMatchObject(refusal);
    await expect(put('BLOB_MOUNTING', 'MAYBE')).rejects.toMatchObject(refusal);
  });
});
