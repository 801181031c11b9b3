import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { packageListing } from './package-listing';

const packages = [
  { name: '@nestjs/core', version: '12.5.1', license: 'MIT', bytes: 540_274 },
  { name: 'ms', version: '2.0.0', bytes: 100 },
  { name: 'ms', version: '2.1.3', bytes: 200 },
  { name: 'pdfkit', version: '0.17.0', license: 'MIT', bytes: 3, asFiles: 'reads files' },
];
const shipped = [{ file: 'dependencies/node_modules/pdfkit/package.json' }];

describe('packageListing', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'listing-'));
    const own = {
      file: 'dependencies/node_modules/pdfkit/package.json',
      content: '{"name":"pdfkit","version":"0.17.0"}',
    };
    for (const { file, content } of [...(await packageListing(packages, shipped)), own]) {
      await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
      await writeFile(path.join(folder, file), content);
    }
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('is an SBOM that is valid CycloneDX 1.6, and the same for the same packages', async () => {
    const [sbom] = await packageListing(packages, shipped);
    const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
    expect(await validator.validate(sbom?.content ?? '')).toBeNull();
    expect((await packageListing(packages, shipped))[0]).toEqual(sbom);
  });

  it('lets npm find every package, with its version', () => {
    // `npm query` reads the folder with @npmcli/arborist.
    const found = ['dependencies', 'dependencies/other-versions/2'].flatMap((place) => {
      const args = ['query', '*', '--json', '--offline', '--no-update-notifier'];
      const text = execFileSync('npm', args, { cwd: path.join(folder, place), encoding: 'utf8' });
      return JSON.parse(text) as { name: string; version?: string; location: string }[];
    });
    const inside = found.filter(({ location }) => location.includes('node_modules'));
    expect(inside.map(({ name, version }) => `${name}@${version}`).sort()).toEqual(
      packages.map(({ name, version }) => `${name}@${version}`).sort(),
    );
  });

  it('gives Node no module to load, under the error of a missing one', () => {
    const require = createRequire(path.join(folder, 'dependencies/index.js'));
    expect(() => require('ms')).toThrow(expect.objectContaining({ code: 'MODULE_NOT_FOUND' }));
  });

  it.each(['../../outside', '@a/../b', '..', 'a/b/c', '/etc'])(
    'writes no file for a package named %s',
    async (name) => {
      const listing = await packageListing([{ name, version: '1.0.0', bytes: 1 }], []);
      expect(listing.map(({ file }) => file)).toEqual(['dependencies/packages.cdx.json']);
    },
  );

  it('writes nothing for a bundle without packages', async () => {
    expect(await packageListing([], [])).toEqual([]);
  });
});
