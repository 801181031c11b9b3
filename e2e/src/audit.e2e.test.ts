import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  PutRegistryScanningConfigurationCommand,
  type RegistryScanningRule,
} from '@aws-sdk/client-ecr';
import { FaultProxy } from './support/fault-proxy';
import { LocalRegistry } from './support/local-registry';
import { quietNpm, requireNpmRegistry } from './support/npm';
import { ParcelWorkspace } from './support/parcel-workspace';
import { run, runOk } from './support/run';

/** The parts of https://github.com/advisories/GHSA-xvch-5gv4-984h that decide, as OSV publishes them. */
const advisory = {
  id: 'GHSA-xvch-5gv4-984h',
  modified: '2023-02-27T14:47:14Z',
  aliases: ['CVE-2021-44906'],
  severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
  affected: [
    {
      package: { ecosystem: 'npm', name: 'minimist' },
      ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '1.0.0' }, { fixed: '1.2.6' }] }],
    },
  ],
};

const dayMs = 86_400_000;
const day = (offset: number) => new Date(Date.now() + offset * dayMs).toISOString().slice(0, 10);

describe('a service with a vulnerable package', () => {
  let parcel: ParcelWorkspace;
  let registry: LocalRegistry;
  let proxy: FaultProxy;
  let folder: string;

  beforeAll(async () => {
    await requireNpmRegistry();
    parcel = await ParcelWorkspace.create();
    folder = await mkdtemp(join(tmpdir(), 'audit-'));
    await plant('minimist@1.2.0');
    await use('a');
    const { copy } = parcel;
    await writeJson('advisories/minimist.json', () => advisory);
    await writeJson('registry.json', (before) => ({
      ...before,
      gates: { local: ['audit'] },
      advisories: 'advisories',
    }));
    await copy.commit('feat: parse arguments');
    registry = await LocalRegistry.start(copy, { advisories: copy.path('advisories') });
    const repositoryName = ParcelWorkspace.repository;
    await registry.createRepositories(repositoryName);
    // Basic scans do not read packages of npm.
    const rules: RegistryScanningRule[] = [
      {
        scanFrequency: 'SCAN_ON_PUSH',
        repositoryFilters: [{ filter: '*', filterType: 'WILDCARD' }],
      },
    ];
    await registry.ecr.send(
      new PutRegistryScanningConfigurationCommand({ scanType: 'ENHANCED', rules }),
    );
    proxy = await FaultProxy.start(`127.0.0.1:${registry.port}`);
  });
  afterAll(async () => {
    await proxy?.stop();
    await registry?.stop();
    await parcel?.copy.remove();
    await rm(folder, { recursive: true, force: true });
  });

  /** A package as published, in the folder of the service. */
  async function plant(specifier: string): Promise<void> {
    const packed = await runOk('npm', ['pack', '--silent', specifier], {
      cwd: folder,
      env: quietNpm,
    });
    const target = parcel.copy.path('apps/parcel/node_modules/minimist');
    await runOk('mkdir', ['-p', target]);
    const archive = join(folder, packed.trim());
    await runOk('tar', ['-xzf', archive, '-C', target, '--strip-components=1']);
  }

  /** Nx does not see what is planted: own code changes with it. */
  const use = (option: string) =>
    parcel.write(
      'apps/parcel/src/main.ts',
      `import minimist from 'minimist';
console.log(minimist(['--${option}']).${option});
setInterval(() => undefined, 1000);
`,
    );

  type Json = Record<string, unknown>;
  async function writeJson(path: string, change: (before: Json) => Json): Promise<void> {
    const text = await readFile(parcel.copy.path(path), 'utf8').catch(() => '{}');
    await parcel.write(path, JSON.stringify(change(JSON.parse(text) as Json), null, 2));
  }

  const allowUntil = (expires: string) =>
    writeJson('apps/parcel/image.json', (before) => ({
      ...before,
      scan: { allow: [{ id: advisory.id, reason: 'no arguments of others', expires }] },
    }));

  const push = async () => {
    proxy.requests.length = 0;
    const { code, output } = await parcel.push('oci', proxy.env);
    const writes = proxy.requests.filter((line) => /^(PUT|PATCH|POST) \/v2\//.test(line));
    return { code, output, writes };
  };

  it('is refused before a byte is sent, with the fix and without a network', async () => {
    const { code, output, writes } = await push();
    expect(output).toMatch(/CRITICAL CVE-2021-44906 in minimist 1\.2\.0\n/);
    expect(output).toMatch(/Nothing was uploaded and no tag was changed\.\nFix: update/);
    expect([code, writes]).toEqual([1, []]);
  });

  it('is shown by docker-audit with the module that is in the image', async () => {
    const args = ['run', 'parcel:docker-audit:local', '--outputFile=dist/audit.json'];
    expect((await parcel.copy.nx(args)).code).toBe(1);
    expect(JSON.parse(await readFile(parcel.copy.path('dist/audit.json'), 'utf8'))).toMatchObject({
      passed: false,
      findings: [{ package: 'minimist', fixedIn: '1.2.6', modules: ['index.js'] }],
    });
  });

  /** @returns the folder of third-party code in the own layers of the built image */
  async function unpackLayers(): Promise<string> {
    const { platforms } = await parcel.image();
    const layers = platforms[0]?.layers.filter(({ fromBase }) => !fromBase) ?? [];
    const root = await mkdtemp(join(folder, 'layer-'));
    for (const { digest } of layers) {
      const blob = parcel.copy.path('dist/images/parcel/oci/blobs', digest.replace(':', '/'));
      await runOk('tar', ['-xzf', blob, '-C', root]);
    }
    return join(root, 'app/dependencies');
  }

  it('is found by npm in the files of the image', async () => {
    const query = ['query', '#minimist', '--json', '--offline', '--no-update-notifier'];
    const { output } = await run('npm', query, { cwd: await unpackLayers() });
    expect(JSON.parse(output)).toMatchObject([{ name: 'minimist', version: '1.2.0' }]);
  });

  it('is found by cdxgen in the files of the image', async () => {
    // Not a dependency of the workspace: its plugins for other languages have hundreds of megabytes.
    const install = ['install', '--omit=optional', '--no-save', '@cyclonedx/cdxgen@12.8.4'];
    await runOk('npm', [...install, '--prefix', folder], { cwd: folder, env: quietNpm });
    const sbom = join(folder, 'bom.json');
    const cdxgen = join(folder, 'node_modules/.bin/cdxgen');
    const options = ['--type=js', '--no-install-deps', '--no-recurse', `--output=${sbom}`];
    await runOk(cdxgen, [...options, await unpackLayers()], { cwd: folder });
    const { components } = JSON.parse(await readFile(sbom, 'utf8')) as Json;
    expect(components).toMatchObject([{ purl: 'pkg:npm/minimist@1.2.0' }]);
  });

  it('is refused after the last day on which it is allowed', async () => {
    await allowUntil(day(-1));
    const { code, output, writes } = await push();
    expect(output).toContain('CRITICAL CVE-2021-44906 in minimist 1.2.0');
    expect([code, writes]).toEqual([1, []]);
  });

  it('is refused if the advisories cannot be read', async () => {
    await allowUntil(day(1));
    const advisories = ['run', 'parcel:docker-audit:local', '--advisories=none.zip'];
    const { code, output } = await parcel.copy.nx(advisories);
    expect(output).toMatch(/Cannot read the advisories in none\.zip: .*ENOENT/);
    expect(code).toBe(1);
  });

  it('is pushed while it is allowed', async () => {
    await allowUntil(day(1));
    const { code, output, writes } = await push();
    expect([code, output]).toEqual([0, expect.stringContaining('latest')]);
    expect(writes).not.toEqual([]);
  });

  it('is found by the scan of the registry too', async () => {
    const { output } = await parcel.copy.nx(['run', 'parcel:docker-scan:local'], registry.env);
    expect(output).toMatch(/CRITICAL +CVE-2021-44906 +minimist +1\.2\.0 +1\.2\.6/);
  });

  it('is gone after an update, as docker-diff shows by the scans of both images', async () => {
    const before = (await parcel.image()).digest;
    await plant('minimist@1.2.8');
    await use('b');
    await allowUntil(day(-1));
    await parcel.copy.commit('fix: update minimist');
    expect(await push()).toMatchObject({ code: 0 });
    await parcel.copy.nxOk(['run', 'parcel:docker-scan:local'], registry.env);
    const images = [`--from=${before}`, '--to=latest'];
    const diff = ['run', 'parcel:docker-diff:local', ...images, '--outputFile=dist/diff.json'];
    await parcel.copy.nxOk(diff, registry.env);
    const difference = await readFile(parcel.copy.path('dist/diff.json'), 'utf8');
    expect(JSON.parse(difference)).toMatchObject({
      packages: [{ name: 'minimist', before: { version: '1.2.0' }, after: { version: '1.2.8' } }],
      findings: [{ change: 'removed', before: { severity: 'CRITICAL', package: 'minimist' } }],
    });
  });
});
