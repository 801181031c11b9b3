import { chmod, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { temporaryFolder } from '../../test/temporary-folder';
import { dockerCredentials } from './docker-credentials';

const folder = temporaryFolder();
const base64 = (text: string) => Buffer.from(text).toString('base64');
const host = 'registry.example.com';

/** A home of its own, with helpers on its PATH. */
async function home(config?: object | string) {
  const dir = await mkdtemp(path.join(folder(), 'home-'));
  const variables: Record<string, string> = { HOME: dir, PATH: `${dir}:${process.execPath}/..` };
  const write = async (name: string, content: object | string) => {
    const file = path.join(dir, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
    return file;
  };
  /** A shell script that reads the server into a file, and does this. */
  const helper = async (name: string, script: string) => {
    const body = `#!/bin/sh\nread -r server\nprintf %s "$server $1" > ${dir}/asked\n${script}\n`;
    await chmod(await write(`docker-credential-${name}`, body), 0o755);
  };
  if (config !== undefined) await write('.docker/config.json', config);
  const asked = () => readFile(path.join(dir, 'asked'), 'utf8');
  return { dir, variables, write, helper, asked };
}

const secret = (username: string) =>
  `echo '{"ServerURL":"x","Username":"${username}","Secret":"s3cret"}'`;
const notFound = 'echo "credentials not found in native keychain"; exit 1';

describe('dockerCredentials', () => {
  it('finds none where nobody has logged in', async () => {
    const { variables } = await home();
    expect(await dockerCredentials({ variables, host })).toBeUndefined();
    expect(await dockerCredentials({ variables: {}, host })).toBeUndefined();
  });

  it('reads user and password', async () => {
    const { variables } = await home({ auths: { [host]: { auth: base64('me:pass:word') } } });
    const found = await dockerCredentials({ variables, host });
    expect(found).toMatchObject({ username: 'me', password: 'pass:word' });
    expect(await dockerCredentials({ variables, host: 'other.example.com' })).toBeUndefined();
    expect(await dockerCredentials({ variables, host: `${host}:5000` })).toBeUndefined();
  });

  it.each([`https://${host}`, `https://${host}/v2/`, `http://${host}/`])(
    'takes %s for the name of the host',
    async (key) => {
      const { variables } = await home({ auths: { [key]: { auth: base64('me:x') } } });
      expect(await dockerCredentials({ variables, host })).toMatchObject({ username: 'me' });
    },
  );

  it.each(['registry-1.docker.io', 'docker.io', 'index.docker.io'])(
    'finds the login to Docker Hub for %s',
    async (name) => {
      const auths = { 'https://index.docker.io/v1/': { auth: base64('me:x') } };
      const { variables } = await home({ auths });
      expect(await dockerCredentials({ variables, host: name })).toMatchObject({ username: 'me' });
    },
  );

  it('reads an identity token', async () => {
    const auths = { [host]: { auth: base64('me:'), identitytoken: 'refresh' } };
    const { variables } = await home({ auths });
    const found = await dockerCredentials({ variables, host });
    expect(found).toMatchObject({ identityToken: 'refresh' });
  });

  it('reads the folder that DOCKER_CONFIG names', async () => {
    const { variables, dir, write } = await home({ auths: { [host]: { auth: base64('home:x') } } });
    await write('elsewhere/config.json', { auths: { [host]: { auth: base64('elsewhere:x') } } });
    const given = { ...variables, DOCKER_CONFIG: path.join(dir, 'elsewhere') };
    const found = await dockerCredentials({ variables: given, host });
    expect(found).toMatchObject({ username: 'elsewhere' });
  });

  it('reads the files of podman', async () => {
    const { variables, dir, write } = await home();
    const auths = (user: string) => ({ auths: { [host]: { auth: base64(`${user}:x`) } } });
    await write('.config/containers/auth.json', auths('config'));
    const found = (more: object) =>
      dockerCredentials({ variables: { ...variables, ...more }, host });
    expect(await found({})).toMatchObject({ username: 'config' });
    await write('run/containers/auth.json', auths('run'));
    const XDG_RUNTIME_DIR = path.join(dir, 'run');
    expect(await found({ XDG_RUNTIME_DIR })).toMatchObject({ username: 'run' });
    const REGISTRY_AUTH_FILE = await write('named.json', auths('named'));
    expect(await found({ XDG_RUNTIME_DIR, REGISTRY_AUTH_FILE })).toMatchObject({
      username: 'named',
    });
  });

  it('asks the helper of the registry, else the one for all', async () => {
    const config = { credHelpers: { [host]: 'own' }, credsStore: 'all' };
    const { variables, helper, asked } = await home(config);
    await helper('own', secret('own'));
    await helper('all', secret('all'));
    const found = await dockerCredentials({ variables, host });
    expect(found).toEqual({ username: 'own', password: 's3cret' });
    expect(await asked()).toBe(`${host} get`);
    const other = await dockerCredentials({ variables, host: 'registry-1.docker.io' });
    expect(other).toEqual({ username: 'all', password: 's3cret' });
    expect(await asked()).toBe('https://index.docker.io/v1/ get');
  });

  it('takes what a helper keeps for <token> as an identity token', async () => {
    const { variables, helper } = await home({ credsStore: 'all' });
    await helper('all', secret('<token>'));
    expect(await dockerCredentials({ variables, host })).toMatchObject({ identityToken: 's3cret' });
  });

  it('goes on to the file when the helper knows nothing', async () => {
    const { variables, helper, write } = await home({ credsStore: 'all' });
    await helper('all', notFound);
    expect(await dockerCredentials({ variables, host })).toBeUndefined();
    const auths = { [host]: { auth: base64('me:x') } };
    await write('.docker/config.json', { credsStore: 'all', auths });
    expect(await dockerCredentials({ variables, host })).toMatchObject({ username: 'me' });
  });

  it('names a helper that is not there, and the file that wants it', async () => {
    const { variables, dir } = await home({ credsStore: 'desktop.exe' });
    const asking = dockerCredentials({ variables, host });
    await expect(asking).rejects.toMatchObject({ code: 'CREDENTIAL_HELPER_MISSING' });
    await expect(asking).rejects.toThrow(
      new RegExp(`${dir}/.docker/config.json says that docker-credential-desktop.exe .*Install it`),
    );
  });

  it.each([
    ['fails', 'echo "the keyring is locked"; exit 1', /the keyring is locked/, 30_000],
    ['answers what it should not', 'echo s3cret', /not what a credential helper answers/, 30_000],
    ['does not answer', 'exec sleep 60', /no answer within 0.3 s/, 300],
  ])('tells of a helper that %s, and no secret', async (_title, script, message, timeoutMs) => {
    const { variables, helper } = await home({ credHelpers: { [host]: 'bad' } });
    await helper('bad', script);
    const given = { ...variables, PATH: `${variables['PATH']}:/bin:/usr/bin` };
    const asking = dockerCredentials({ variables: given, host, timeoutMs });
    await expect(asking).rejects.toMatchObject({ code: 'CREDENTIAL_HELPER_FAILED' });
    await expect(asking).rejects.toThrow(message);
    await expect(asking).rejects.not.toThrow(/s3cret/);
  });

  it('runs nothing outside of PATH', async () => {
    const { variables } = await home({ credsStore: '../../bin/sh' });
    await expect(dockerCredentials({ variables, host })).rejects.toThrow(/no name of a program/);
  });

  it.each([
    ['no JSON', '{"auths": {"x": {"auth": "c2VjcmV0'],
    ['of another form', '{"auths": 5}'],
    ['with a login that is none', { auths: { [host]: { auth: base64('no colon s3cret') } } }],
  ])('tells of a file that is %s, and nothing of what is in it', async (_title, config) => {
    const { variables, dir } = await home(config);
    const asking = dockerCredentials({ variables, host });
    await expect(asking).rejects.toMatchObject({ code: 'CREDENTIALS_INVALID' });
    await expect(asking).rejects.toThrow(`${dir}/.docker/config.json`);
    await expect(asking).rejects.not.toThrow(/c2VjcmV0|s3cret/);
  });
});
