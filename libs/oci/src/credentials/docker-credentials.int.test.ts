import { chmod, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { temporaryFolder } from '../../test/temporary-folder';
import { dockerCredentials } from './docker-credentials';

const folder = temporaryFolder();
const base64 = (text: string) => Buffer.from(text).toString('base64');
const host = 'registry.example.com';

/** A new home folder with helpers on PATH. */
async function home(config?: object | string) {
  const dir = await mkdtemp(path.join(folder(), 'home-'));
  const variables: Record<string, string> = { HOME: dir, PATH: `${dir}:${process.execPath}/..` };
  const write = async (name: string, content: object | string) => {
    const file = path.join(dir, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
    return file;
  };
  /** A helper that records its request, then runs the script. */
  const helper = async (name: string, script: string) => {
    const body = `#!/bin/sh\nread -r server\nprintf %s "$server $1" > ${dir}/requested\n${script}\n`;
    await chmod(await write(`docker-credential-${name}`, body), 0o755);
  };
  if (config !== undefined) await write('.docker/config.json', config);
  const requested = () => readFile(path.join(dir, 'requested'), 'utf8');
  return { dir, variables, write, helper, requested };
}

const secret = (username: string) =>
  `echo '{"ServerURL":"x","Username":"${username}","Secret":"s3cret"}'`;
const notFound = 'echo "credentials not found in native keychain"; exit 1';

describe('dockerCredentials', () => {
  it('finds no credentials without a configuration', async () => {
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
    'matches the key %s with the host',
    async (key) => {
      const { variables } = await home({ auths: { [key]: { auth: base64('me:x') } } });
      expect(await dockerCredentials({ variables, host })).toMatchObject({ username: 'me' });
    },
  );

  it.each(['registry-1.docker.io', 'docker.io', 'index.docker.io'])(
    'finds the credentials of Docker Hub for %s',
    async (name) => {
      const auths = { 'https://index.docker.io/v1/': { auth: base64('me:x') } };
      const { variables } = await home({ auths });
      expect(await dockerCredentials({ variables, host: name })).toMatchObject({ username: 'me' });
    },
  );

  it.each([
    ['typerush/game', 'deep'],
    ['typerush/other', 'namespace'],
    ['typerush-2/x', 'exact'],
    ['', 'exact'],
  ])('prefers for %j the longest path, then the host, then its URL', async (repository, user) => {
    const { variables } = await home({
      auths: {
        [`${host}/other`]: { auth: base64('other:x') },
        [`https://${host}/v2/`]: { auth: base64('url:x') },
        [host]: { auth: base64('exact:x') },
        [`${host}/typerush`]: { auth: base64('namespace:x') },
        [`${host}/typerush/game`]: { auth: base64('deep:x') },
      },
    });
    const found = await dockerCredentials({ variables, host, path: repository });
    expect(found).toMatchObject({ username: user });
  });

  it('uses the login of the path, not the first login of the host', async () => {
    const { variables } = await home({
      auths: {
        'localhost:5100/other': { auth: base64('AWS:wrong') },
        'localhost:5100/typerush': { auth: base64('AWS:good') },
      },
    });
    const repository = { host: 'localhost:5100', path: 'typerush/game-service' };
    const found = await dockerCredentials({ variables, ...repository });
    expect(found).toMatchObject({ username: 'AWS', password: 'good' });
  });

  it('does not use the login of another path', async () => {
    const { variables } = await home({ auths: { [`${host}/other`]: { auth: base64('me:x') } } });
    expect(await dockerCredentials({ variables, host, path: 'typerush/a' })).toBeUndefined();
  });

  it('reads an identity token', async () => {
    const auths = { [host]: { auth: base64('me:'), identitytoken: 'refresh' } };
    const { variables } = await home({ auths });
    const found = await dockerCredentials({ variables, host });
    expect(found).toMatchObject({ identityToken: 'refresh' });
  });

  it('reads the folder in DOCKER_CONFIG', async () => {
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

  it('queries the helper of the registry, otherwise the default helper', async () => {
    const config = { credHelpers: { [host]: 'own' }, credsStore: 'all' };
    const { variables, helper, requested } = await home(config);
    await helper('own', secret('own'));
    await helper('all', secret('all'));
    const found = await dockerCredentials({ variables, host });
    expect(found).toEqual({ username: 'own', password: 's3cret' });
    expect(await requested()).toBe(`${host} get`);
    const other = await dockerCredentials({ variables, host: 'registry-1.docker.io' });
    expect(other).toEqual({ username: 'all', password: 's3cret' });
    expect(await requested()).toBe('https://index.docker.io/v1/ get');
  });

  it('reads an identity token from a helper with the user name <token>', async () => {
    const { variables, helper } = await home({ credsStore: 'all' });
    await helper('all', secret('<token>'));
    expect(await dockerCredentials({ variables, host })).toMatchObject({ identityToken: 's3cret' });
  });

  it('uses the file if the helper does not know the registry', async () => {
    const { variables, helper, write } = await home({ credsStore: 'all' });
    await helper('all', notFound);
    expect(await dockerCredentials({ variables, host })).toBeUndefined();
    const auths = { [host]: { auth: base64('me:x') } };
    await write('.docker/config.json', { credsStore: 'all', auths });
    expect(await dockerCredentials({ variables, host })).toMatchObject({ username: 'me' });
  });

  it('reports a missing helper and the file that names it', async () => {
    const { variables, dir } = await home({ credsStore: 'desktop.exe' });
    const query = dockerCredentials({ variables, host });
    await expect(query).rejects.toMatchObject({ code: 'CREDENTIAL_HELPER_MISSING' });
    await expect(query).rejects.toThrow(
      new RegExp(
        `Cannot run docker-credential-desktop.exe, which ${dir}/.docker/config.json names.*\nFix: install it`,
      ),
    );
  });

  it.each([
    ['fails', 'echo "the keyring is locked"; exit 1', /the keyring is locked/, 30_000],
    ['returns invalid output', 'echo s3cret', /response is not valid/, 30_000],
    ['does not respond', 'exec sleep 60', /no response within 0.3 s/, 300],
  ])('reports a helper that %s, without secrets', async (_title, script, message, timeoutMs) => {
    const { variables, helper } = await home({ credHelpers: { [host]: 'bad' } });
    await helper('bad', script);
    const given = { ...variables, PATH: `${variables['PATH']}:/bin:/usr/bin` };
    const query = dockerCredentials({ variables: given, host, timeoutMs });
    await expect(query).rejects.toMatchObject({ code: 'CREDENTIAL_HELPER_FAILED' });
    await expect(query).rejects.toThrow(message);
    await expect(query).rejects.not.toThrow(/s3cret/);
  });

  it('runs no program outside of PATH', async () => {
    const { variables } = await home({ credsStore: '../../bin/sh' });
    await expect(dockerCredentials({ variables, host })).rejects.toThrow(
      /not a valid program name/,
    );
  });

  it.each([
    ['not JSON', '{"auths": {"x": {"auth": "c2VjcmV0'],
    ['not valid', '{"auths": 5}'],
    ['without user and password', { auths: { [host]: { auth: base64('no colon s3cret') } } }],
  ])('reports a file that is %s, without its content', async (_title, config) => {
    const { variables, dir } = await home(config);
    const query = dockerCredentials({ variables, host });
    await expect(query).rejects.toMatchObject({ code: 'CREDENTIALS_INVALID' });
    await expect(query).rejects.toThrow(`${dir}/.docker/config.json`);
    await expect(query).rejects.not.toThrow(/c2VjcmV0|s3cret/);
  });
});
