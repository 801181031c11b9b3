import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ECRClient } from '@aws-sdk/client-ecr';
import { ecrTarget } from './ecr-target';

const machine = { ecrLocalPort: 5100 };

describe('ecrTarget', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'profiles-'));
    const profile = (name: string, region: string, key: string) =>
      `[profile ${name}]\nregion=${region}\naws_access_key_id=${key}\naws_secret_access_key=x\n`;
    const file = path.join(folder, 'config');
    const texts = [profile('one', 'eu-west-1', 'key-1'), profile('two', 'us-east-1', 'key-2')];
    await writeFile(file, texts.join('\n'));
    process.env['AWS_CONFIG_FILE'] = file;
    process.env['AWS_PROFILE'] = 'one';
  });
  afterAll(async () => {
    delete process.env['AWS_CONFIG_FILE'];
    delete process.env['AWS_PROFILE'];
    await rm(folder, { recursive: true });
  });

  const accountOf = async (profile?: string, region?: string) => {
    const { config } = new ECRClient({ ...ecrTarget('prod', { ...machine, region }, profile) });
    return [await config.region(), (await config.credentials()).accessKeyId];
  };

  it('has the account and the region of a profile', async () => {
    expect(await accountOf()).toEqual(['eu-west-1', 'key-1']);
    expect(await accountOf('two')).toEqual(['us-east-1', 'key-2']);
  });

  it('has another region if one is set', async () => {
    expect(await accountOf('two', 'eu-north-1')).toEqual(['eu-north-1', 'key-2']);
  });

  it('ignores profiles for ecr-local', () => {
    expect(ecrTarget('local', machine, 'two')).not.toHaveProperty('profile');
  });
});
