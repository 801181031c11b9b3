import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Destination } from '@typerush/image-registry';
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

  const accountOf = async (
    profile?: string,
    region?: string,
    destinations: readonly Destination[] = [],
  ) => {
    const environment = { environment: 'prod', destinations } as const;
    const target = ecrTarget(environment, { ...machine, region }, profile);
    const { config } = new ECRClient({ ...target });
    return [await config.region(), (await config.credentials()).accessKeyId];
  };

  it('has the account and the region of a profile', async () => {
    expect(await accountOf()).toEqual(['eu-west-1', 'key-1']);
    expect(await accountOf('two')).toEqual(['us-east-1', 'key-2']);
  });

  it('has another region if one is set', async () => {
    expect(await accountOf('two', 'eu-north-1')).toEqual(['eu-north-1', 'key-2']);
  });

  const destinations = [
    { registry: 'ghcr.io/team' },
    { region: 'sa-east-1' },
    { region: 'ca-central-1' },
  ];

  it('has the region of the first ECR in registry.json, which no variable or profile replaces', async () => {
    expect(await accountOf('two', undefined, destinations)).toEqual(['sa-east-1', 'key-2']);
    expect(await accountOf('two', 'eu-north-1', destinations)).toEqual(['sa-east-1', 'key-2']);
  });

  it('has another region of registry.json if AWS_REGION selects it', async () => {
    expect(await accountOf('two', 'ca-central-1', destinations)).toEqual(['ca-central-1', 'key-2']);
  });

  it('has the region of the AWS configuration if registry.json names only other registries', async () => {
    const other = [{ registry: 'ghcr.io/team' }];
    expect(await accountOf('two', 'eu-north-1', other)).toEqual(['eu-north-1', 'key-2']);
  });

  it('ignores profiles for ecr-local', () => {
    const local = { environment: 'local', destinations: [] } as const;
    expect(ecrTarget(local, machine, 'two')).not.toHaveProperty('profile');
  });
});
