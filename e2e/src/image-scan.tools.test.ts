import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { CreateRepositoryCommand } from '@aws-sdk/client-ecr';
import { compareDpkgVersions } from '@typerush/image-scanning';
import { debianVersion } from '@typerush/image-scanning/testing';
import fc from 'fast-check';
import { localCredentials, LocalRegistry } from './support/local-registry';
import { run, runOk } from './support/run';
import { WorkspaceCopy } from './support/workspace-copy';

describe('compareDpkgVersions', () => {
  it('agrees with dpkg on 2,000 generated pairs', async () => {
    // Some with zeros before their numbers, which are equal.
    const padded = debianVersion.map(
      (version) => [version, version.replaceAll(/\d+/g, (digits) => `0${digits}`)] as const,
    );
    const any = fc.tuple(debianVersion, debianVersion);
    const pairs = fc.sample(fc.oneof({ arbitrary: any, weight: 9 }, padded), 2_000);
    // One shell for all: 0, 1 or -1 for each line of two versions.
    const script = `while read -r a b; do
  if dpkg --compare-versions "$a" lt "$b"; then echo -1
  elif dpkg --compare-versions "$a" gt "$b"; then echo 1
  else echo 0; fi
done`;
    const folder = await mkdtemp(join(tmpdir(), 'versions-'));
    const file = join(folder, 'pairs');
    await writeFile(file, pairs.map((pair) => `${pair.join(' ')}\n`).join(''));
    const output = await runOk('bash', ['-c', `${script} <"$1"`, 'bash', file]);
    await rm(folder, { recursive: true });
    const expected = output.trim().split('\n').map(Number);
    const ours = pairs.map(([a, b]) => Math.sign(compareDpkgVersions(a, b)));
    expect(expected).toHaveLength(pairs.length);
    expect(new Set(expected)).toEqual(new Set([-1, 0, 1]));
    const disagreeing = pairs.filter((_, at) => ours[at] !== expected[at]);
    expect(disagreeing).toEqual([]);
  }, 600_000);
});

describe('a Debian made by mmdebstrap', () => {
  const repositoryName = 'team/debian';
  let workspace: WorkspaceCopy;
  let registry: LocalRegistry;
  let folder: string;
  let image: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'debian-'));
    workspace = await WorkspaceCopy.create();
    const advisories = join(folder, 'advisories');
    await mkdir(advisories);
    registry = await LocalRegistry.start(workspace, { advisories });
  });
  afterAll(async () => {
    if (image) await run('docker', ['image', 'rm', '--force', image]);
    await registry?.stop();
    await workspace?.remove();
    if (folder) await rm(folder, { recursive: true });
  });

  const aws = (...args: string[]) =>
    runOk(
      'aws',
      ['ecr', ...args, '--repository-name', repositoryName, '--endpoint-url', registry.url],
      {
        env: {
          AWS_ACCESS_KEY_ID: localCredentials.accessKeyId,
          AWS_SECRET_ACCESS_KEY: localCredentials.secretAccessKey,
          AWS_DEFAULT_REGION: 'ap-southeast-1',
          AWS_DEFAULT_OUTPUT: 'json',
          AWS_PAGER: '',
        },
      },
    );

  /** The URI of the mirror from which apt installs packages of this Debian. */
  const mirrorOf = async (codename: string) => {
    const format = '$(REPO_URI) $(RELEASE) $(COMPONENT)';
    const targets = await runOk('apt-get', ['indextargets', '--format', format]);
    const found = targets
      .split('\n')
      .map((line) => line.split(' '))
      .find(([, release, component]) => release === codename && component === 'main');
    if (!found?.[0]) throw new Error(`apt has no source for ${codename} main`);
    return found[0];
  };

  /** A Debian of the version that runs here. Its packages need no scripts of others: libc6 cannot be configured in every container. */
  const makeDebian = async (archive: string) => {
    const { VERSION_CODENAME: codename = '', VERSION_ID: version = '' } = parseEnv(
      await readFile('/etc/os-release', 'utf8'),
    );
    await runOk('apt-get', ['download', '--quiet', 'base-files'], { cwd: folder });
    const install = `dpkg --root="$1" --force-depends --force-script-chrootless --install ${folder}/base-files_*.deb`;
    const settings = ['--quiet', '--mode=chrootless', '--variant=custom'];
    const content = ['--include=netbase,ncurses-base', `--customize-hook=${install}`];
    const mirror = await mirrorOf(codename);
    await runOk('mmdebstrap', [...settings, ...content, codename, archive, mirror]);
    return version;
  };

  /** The versions of the packages that dpkg has recorded in an archive. */
  const versionsIn = async (archive: string) => {
    const status = await runOk('tar', [
      '--extract',
      '--to-stdout',
      '--file',
      archive,
      './var/lib/dpkg/status',
    ]);
    return Object.fromEntries(
      status.split('\n\n').map((entry) => {
        const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(entry)?.[1] ?? '';
        return [field('Package'), field('Version')] as const;
      }),
    );
  };

  /** @param name Of a source package. */
  const advisory = (id: string, name: string, fixed: string, ecosystem: string) =>
    writeFile(
      join(folder, 'advisories', `${id}.json`),
      JSON.stringify({
        schema_version: '1.7.0',
        id,
        modified: '2026-01-02T00:00:00Z',
        details: `A fault of ${name}.`,
        affected: [
          {
            package: { ecosystem, name },
            ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] }],
            ecosystem_specific: { urgency: 'medium' },
          },
        ],
      }),
    );

  it('is scanned on push, and only what dpkg calls older is found', async () => {
    const archive = join(folder, 'debian.tar');
    const ecosystem = `Debian:${await makeDebian(archive)}`;
    const versions = await versionsIn(archive);
    await advisory('CVE-2026-1001', 'ncurses', `${versions['ncurses-base']}+deb99u1`, ecosystem);
    await advisory('CVE-2026-1002', 'base-files', versions['base-files'] ?? '', ecosystem);
    await advisory('CVE-2026-1003', 'netbase', '99', ecosystem);
    const imageScanningConfiguration = { scanOnPush: true };
    await registry.ecr.send(
      new CreateRepositoryCommand({ repositoryName, imageScanningConfiguration }),
    );
    image = `127.0.0.1:${registry.port}/${repositoryName}:v1`;
    await runOk('docker', ['import', archive, image]);
    const login = `aws ecr get-login-password --endpoint-url ${registry.url} | docker login --username AWS --password-stdin 127.0.0.1:${registry.port}`;
    const env = {
      AWS_ACCESS_KEY_ID: localCredentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: localCredentials.secretAccessKey,
      AWS_DEFAULT_REGION: 'ap-southeast-1',
      DOCKER_CONFIG: folder,
    };
    await runOk('bash', ['-c', login], { env });
    await runOk('docker', ['push', image], { env });
    await aws('wait', 'image-scan-complete', '--image-id', 'imageTag=v1');
    const found = JSON.parse(
      await aws('describe-image-scan-findings', '--image-id', 'imageTag=v1'),
    );
    expect(found.imageScanFindings.findingSeverityCounts).toEqual({ MEDIUM: 2 });
    const names = found.imageScanFindings.findings.map(({ name }: { name: string }) => name);
    expect(names).toEqual(['CVE-2026-1001', 'CVE-2026-1003']);
  }, 600_000);
});
