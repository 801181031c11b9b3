import { type Digest, type RegistryClient } from '@typerush/oci';
import { type Bundle } from '@typerush/service-bundle';
import { attachedComponents, type SbomComponent } from '../attest/attached-sbom';
import { type Size } from './budget';

const ownCode = "the service's own code";

/** By package, whatever its version: a new version is growth of the same package. */
export function packageSizes({ packages, own }: Bundle): readonly Size[] {
  return [
    ...packages.map(({ name, bytes }) => ({ name, bytes })),
    ...own.map(({ bytes }) => ({ name: ownCode, bytes })),
  ];
}

/** The package sizes of an image, from the SBOM that is attached to it; undefined if it has none of ours. */
export async function attachedPackageSizes(
  client: RegistryClient,
  repository: string,
  image: Digest,
): Promise<readonly Size[] | undefined> {
  const components = await attachedComponents(client, repository, image);
  return components && componentSizes(components);
}

export const componentSizes = (components: readonly SbomComponent[]): readonly Size[] =>
  components.flatMap(({ type, name, bytes }) =>
    bytes === undefined ? [] : [{ name: type === 'library' ? name : ownCode, bytes }],
  );
