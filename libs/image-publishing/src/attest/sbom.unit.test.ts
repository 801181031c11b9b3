import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { createSbom, type SbomInput } from './sbom';

const digest = `sha256:${'0123456789abcdef'.repeat(4)}` as const;
const base = 'public.ecr.aws/docker/library/node:26-alpine';

const input: SbomInput = {
  service: 'game-service',
  version: '0.1.0',
  image: {
    repository: 'typerush/game-service',
    digest,
    platforms: [{ platform: 'linux/amd64', digest, configDigest: digest, layers: [] }],
    base: { reference: base, digest, standIn: false },
  },
  bundle: {
    main: 'service/main.js',
    packages: [
      { name: '@nestjs/core', version: '12.5.1', license: 'MIT', bytes: 540_274 },
      { name: 'a', version: '1.0.0', license: '(MIT OR Apache-2.0)', bytes: 3 },
      { name: 'b', version: '1.0.0-rc.1+2', license: 'SEE LICENSE IN LICENSE.md', bytes: 2 },
      { name: 'c', version: '1.0.0', bytes: 1 },
      { name: 'c', version: '2.0.0', license: '', bytes: 1 },
    ],
    own: [{ path: 'apps/game-service/src/main.ts', bytes: 400 }],
    external: [],
    outputs: [],
  },
  nodeVersion: '26.1.0',
};

interface Component {
  readonly name: string;
  readonly type: string;
  readonly purl?: string;
  readonly licenses?: unknown;
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
}
interface Document {
  readonly serialNumber: string;
  readonly metadata: { readonly timestamp?: string; readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly {
    readonly ref: string;
    readonly dependsOn?: readonly string[];
  }[];
}

const sbomOf = (of: Partial<SbomInput> = {}) =>
  JSON.parse(createSbom({ ...input, ...of })) as Document;
const named = (document: Document, name: string) =>
  document.components.filter((component) => component.name === name);

describe('createSbom', () => {
  it.each([
    ['a pinned base image', {}],
    [
      'an unpinned base image and an unknown Node',
      {
        nodeVersion: undefined,
        image: { ...input.image, base: { reference: base, digest: null, standIn: true } },
      },
    ],
  ])('is valid CycloneDX 1.6 for an image based on %s', async (_what, of) => {
    const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
    expect(await validator.validate(createSbom({ ...input, ...of }))).toBeNull();
  });

  it('lists the packages of the bundle with version, licence and bytes', () => {
    expect(named(sbomOf(), 'core')).toMatchObject([
      {
        type: 'library',
        group: '@nestjs',
        version: '12.5.1',
        purl: 'pkg:npm/%40nestjs/core@12.5.1',
        licenses: [{ license: { id: 'MIT' } }],
        properties: [{ name: 'nx-ecr:bytes', value: '540274' }],
      },
    ]);
    expect(named(sbomOf(), 'c')).toHaveLength(2);
  });

  it.each([
    ['an expression', 'a', [{ expression: '(MIT OR Apache-2.0)' }]],
    ['words', 'b', [{ license: { name: 'SEE LICENSE IN LICENSE.md' } }]],
  ])('keeps a licence that is %s', (_what, name, licenses) => {
    expect(named(sbomOf(), name)[0]?.licenses).toEqual(licenses);
  });

  it.each([
    [
      'the scope of a package, with an encoded "@"',
      '@nestjs/core',
      '12.5.1',
      '%40nestjs/core@12.5.1',
    ],
    ['build metadata of a version, with an encoded "+"', 'b', '1.0.0-rc.1+2', 'b@1.0.0-rc.1%2B2'],
    ['a name of early npm in lower case', 'JSONStream', '1.3.5', 'jsonstream@1.3.5'],
  ])('has a purl with %s', (_what, name, version, purl) => {
    const packages = [{ name, version, bytes: 1 }];
    const { components } = sbomOf({ bundle: { ...input.bundle, packages } });
    expect(components.map((component) => component.purl)).toContain(`pkg:npm/${purl}`);
  });

  it('lists the base image, and Node in it', () => {
    const document = sbomOf();
    expect(named(document, base)).toMatchObject([
      {
        type: 'container',
        purl: `pkg:oci/node@${digest}?repository_url=public.ecr.aws%2Fdocker%2Flibrary%2Fnode&tag=26-alpine`,
      },
    ]);
    expect(named(document, 'node')).toMatchObject([
      { version: '26.1.0', purl: 'pkg:generic/node@26.1.0' },
    ]);
  });

  it('lists what depends on what', () => {
    const { dependencies } = sbomOf();
    const of = (ref: string) => dependencies.find((one) => one.ref === ref)?.dependsOn;
    expect(of('image:game-service')).toEqual(['base', 'service:game-service']);
    expect(of('base')).toEqual(['node']);
    expect(of('service:game-service')).toHaveLength(input.bundle.packages.length);
  });

  it('is the same each time, and differs for another image', () => {
    const other = { ...input.image, digest: `sha256:${'f'.repeat(64)}` as const };
    expect(createSbom(input)).toBe(createSbom(input));
    expect(sbomOf().metadata.timestamp).toBeUndefined();
    expect(sbomOf().serialNumber).toBe('urn:uuid:01234567-89ab-8def-8123-456789abcdef');
    expect(sbomOf({ image: other }).serialNumber).not.toBe(sbomOf().serialNumber);
  });
});
