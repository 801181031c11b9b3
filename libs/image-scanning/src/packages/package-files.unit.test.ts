import { kindOf, packagesIn } from './package-files';
import { ecosystemOf, parseOsRelease } from './os-release';

const npm = (name: string, version: string) => ({ type: 'npm', name, version });

describe('kindOf', () => {
  it.each([
    ['etc/os-release', 'os-release'],
    ['usr/lib/os-release', 'os-release'],
    ['var/lib/dpkg/status', 'packages'],
    ['var/lib/dpkg/status.d/base-files', 'packages'],
    ['lib/apk/db/installed', 'packages'],
    ['usr/lib/apk/db/installed', 'packages'],
    ['app/node_modules/ws/package.json', 'packages'],
    ['app/node_modules/@scope/name/package.json', 'packages'],
    ['app/node_modules/a/node_modules/b/package.json', 'packages'],
    ['app/bundle.json', 'packages'],
    ['usr/share/doc/app.cdx.json', 'sbom'],
    ['sbom.json', 'sbom'],
    ['app/package.json', undefined],
    ['app/node_modules/ws/lib/package.json', undefined],
    ['app/node_modules/.package-lock.json', undefined],
    ['home/etc/os-release', undefined],
    ['var/lib/dpkg/status-old', undefined],
  ])('is for %s: %s', (path, kind) => expect(kindOf(path)).toBe(kind));
});

describe('packagesIn', () => {
  it('reads installed packages of dpkg with their source packages', () => {
    const status = `Package: libc6
Status: install ok installed
Source: glibc
Architecture: amd64
Version: 2.36-9+deb12u4
Description: GNU C Library
 Package: this is text

Package: gcc-12-base
Status: install ok installed
Source: gcc-12 (12.2.0-14)
Architecture: amd64
Version: 12.2.0-14+deb12u1

Package: removed
Status: deinstall ok config-files
Version: 1.0
`;
    expect(packagesIn('var/lib/dpkg/status', status)).toEqual([
      {
        type: 'deb',
        name: 'libc6',
        version: '2.36-9+deb12u4',
        architecture: 'amd64',
        source: { name: 'glibc', version: '2.36-9+deb12u4' },
      },
      {
        type: 'deb',
        name: 'gcc-12-base',
        version: '12.2.0-14+deb12u1',
        architecture: 'amd64',
        source: { name: 'gcc-12', version: '12.2.0-14' },
      },
    ]);
  });

  it('reads a package of status.d, which has no status, and not its checksums', () => {
    const package_ = 'Package: tzdata\nVersion: 2024a-0+deb12u1\n';
    expect(packagesIn('var/lib/dpkg/status.d/tzdata', package_)).toMatchObject([
      { name: 'tzdata' },
    ]);
    expect(packagesIn('var/lib/dpkg/status.d/tzdata.md5sums', package_)).toEqual([]);
  });

  it('reads packages of apk with their source packages', () => {
    const installed = `C:Q1abc=
P:libcrypto3
V:3.3.1-r0
A:x86_64
o:openssl
F:lib
R:libcrypto.so.3

P:musl
V:1.2.5-r0
`;
    expect(packagesIn('lib/apk/db/installed', installed)).toEqual([
      {
        type: 'apk',
        name: 'libcrypto3',
        version: '3.3.1-r0',
        architecture: 'x86_64',
        source: { name: 'openssl', version: '3.3.1-r0' },
      },
      {
        type: 'apk',
        name: 'musl',
        version: '1.2.5-r0',
        source: { name: 'musl', version: '1.2.5-r0' },
      },
    ]);
  });

  it('reads the name and version of a package.json', () => {
    const read = (content: unknown) =>
      packagesIn('node_modules/a/package.json', JSON.stringify(content));
    expect(read({ name: 'ws', version: '8.18.0' })).toEqual([npm('ws', '8.18.0')]);
    expect(read({ type: 'commonjs' })).toEqual([]);
  });

  it('reads the packages of a bundle', () => {
    const bundle = { main: 'm.js', packages: [{ ...npm('zod', '4.6.7'), bytes: 1 }], outputs: [] };
    expect(packagesIn('app/bundle.json', JSON.stringify(bundle))).toEqual([npm('zod', '4.6.7')]);
  });

  it('reads components of CycloneDX, also those within others', () => {
    const bom = {
      bomFormat: 'CycloneDX',
      components: [
        { purl: 'pkg:npm/%40scope/name@1.0.0', components: [{ purl: 'pkg:npm/inner@2.0.0' }] },
        { purl: 'pkg:deb/debian/libc6@2.36-9?arch=amd64&upstream=glibc' },
        { purl: 'not a purl' },
        { name: 'without' },
        null,
      ],
    };
    expect(packagesIn('a.cdx.json', JSON.stringify(bom))).toEqual([
      npm('@scope/name', '1.0.0'),
      npm('inner', '2.0.0'),
      {
        type: 'deb',
        name: 'libc6',
        version: '2.36-9',
        source: { name: 'glibc', version: '2.36-9' },
      },
    ]);
  });

  it('reads packages of SPDX', () => {
    const spdx = {
      spdxVersion: 'SPDX-2.3',
      packages: [
        { externalRefs: [{ referenceType: 'purl', referenceLocator: 'pkg:npm/a@1.0.0' }] },
        { externalRefs: [{ referenceType: 'cpe23Type', referenceLocator: 'cpe:2.3:a' }] },
        {},
      ],
    };
    expect(packagesIn('a.spdx.json', JSON.stringify(spdx))).toEqual([npm('a', '1.0.0')]);
  });

  it('reads an SBOM that is nested a hundred thousand levels deep', () => {
    const deep = 100_000;
    const text = `{"bomFormat":"CycloneDX","components":[${'{"components":['.repeat(deep)}{"purl":"pkg:npm/a@1.0.0"}${']}'.repeat(deep)}]}`;
    expect(() => packagesIn('a.cdx.json', text)).not.toThrow();
  });

  it('ignores JSON of another kind', () => {
    for (const text of ['null', '[]', '7', '"x"', '{}']) {
      for (const path of ['sbom.json', 'bundle.json', 'node_modules/a/package.json']) {
        expect(packagesIn(path, text)).toEqual([]);
      }
    }
  });
});

describe('parseOsRelease', () => {
  it.each([
    ['ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"', 'Debian:12'],
    ["ID=alpine\nVERSION_ID=3.20.1\nPRETTY_NAME='Alpine Linux v3.20'", 'Alpine:v3.20'],
    ['ID=debian\nPRETTY_NAME="Debian GNU/Linux trixie/sid"', undefined],
    ['ID=ubuntu\nVERSION_ID="24.04"', undefined],
  ])('leads to the ecosystem of %j', (text, ecosystem) => {
    const system = parseOsRelease(text);
    expect(system && ecosystemOf(system)).toBe(ecosystem);
  });

  it('is undefined without an ID', () => {
    expect(parseOsRelease('NAME=x')).toBeUndefined();
  });
});
