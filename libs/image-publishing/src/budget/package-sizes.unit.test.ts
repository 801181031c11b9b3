import { digestOf } from '@typerush/oci';
import { type Bundle } from '@typerush/service-bundle';
import { parseComponents } from '../attest/attached-sbom';
import { createSbom } from '../attest/sbom';
import { compareSizes } from './budget';
import { componentSizes, packageSizes } from './package-sizes';

const bundle: Bundle = {
  main: 'service/main.js',
  packages: [
    { name: '@scope/one', version: '1.0.0', license: 'MIT', bytes: 100 },
    { name: 'two', version: '1.0.0', license: 'MIT', bytes: 20 },
    { name: 'two', version: '2.0.0', license: 'MIT', bytes: 30 },
  ],
  own: [
    { path: 'apps/app/src/main.ts', bytes: 5 },
    { path: 'libs/it/src/index.ts', bytes: 6 },
  ],
  external: [],
  outputs: [],
};

describe('package sizes', () => {
  it('are the same in a bundle and in the SBOM of its image', () => {
    const digest = digestOf('image');
    const text = createSbom({
      service: 'app',
      version: '1.2.3',
      image: {
        repository: 'team/app',
        digest,
        platforms: [{ platform: 'linux/amd64', digest, configDigest: digest, layers: [] }],
        base: { reference: 'node:26', digest: null, standIn: false },
      },
      bundle,
    });
    const before = componentSizes(parseComponents(text) ?? []);
    expect(compareSizes([], before)).toEqual(compareSizes([], packageSizes(bundle)));
    expect(compareSizes(before, packageSizes(bundle))).toEqual([]);
  });

  it.each(['', '[]', '{"components":[{}]}'])('are unknown if the SBOM is "%s"', (text) => {
    expect(parseComponents(text)).toBeUndefined();
  });
});
