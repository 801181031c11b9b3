import { type Bundle, type BundledPackage, type BundleFile } from './bundle';

/** Scanners find SBOMs by such names: https://trivy.dev/docs/latest/supply-chain/sbom/ */
const sbomFile = 'dependencies/packages.cdx.json';

/**
 * The files by which scanners see the packages of a bundle: an SBOM, and a `package.json` of each package where npm would install
 * it. Node resolves nothing to the latter, which name no module. They depend only on the packages, not on own code.
 * @param shipped The files of packages that are shipped as files, which have a package.json of their own.
 */
export async function packageListing(
  packages: Bundle['packages'],
  shipped: readonly { readonly file: string }[],
): Promise<readonly BundleFile[]> {
  if (packages.length === 0) return [];
  return [
    { file: sbomFile, content: await sbomOf(packages) },
    ...packageManifests(packages, shipped),
  ];
}

/** CycloneDX without serial number and time: the same packages give the same bytes. */
async function sbomOf(packages: Bundle['packages']): Promise<string> {
  // Loaded only when a bundle is written.
  const Models = await import('@cyclonedx/cyclonedx-library/Models');
  const Serialize = await import('@cyclonedx/cyclonedx-library/Serialize');
  const Spec = await import('@cyclonedx/cyclonedx-library/Spec');
  const { packageComponent } = await import('./package-component');
  const components = new Models.ComponentRepository(packages.map(packageComponent));
  const factory = new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6);
  const bom = new Models.Bom({ components });
  return `${new Serialize.JsonSerializer(factory).serialize(bom, { sortLists: true })}\n`;
}

/** https://docs.npmjs.com/cli/v11/configuring-npm/package-json#name */
const packageName = /^(@[a-z0-9~_-][\w.~-]*\/)?[a-z0-9~_-][\w.~-]*$/i;

function packageManifests(
  packages: Bundle['packages'],
  shipped: readonly { readonly file: string }[],
): BundleFile[] {
  const taken = new Set<string>();
  for (const { file } of shipped) for (const folder of foldersOf(file)) taken.add(folder);
  return (
    packages
      // A package that is not from a registry may have any name, even one that leads out of the folder.
      .filter(({ asFiles, name }) => !asFiles && packageName.test(name))
      .map((one) => {
        const folder = freeFolder(one.name, taken);
        taken.add(folder);
        return { file: `${folder}/package.json`, content: manifestOf(one) };
      })
  );
}

/** A path and the folders above it. */
function foldersOf(file: string): string[] {
  const parts = file.split('/');
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

/** Another version of a package goes into a folder of its own, so that both are found. */
function freeFolder(name: string, taken: ReadonlySet<string>): string {
  const top = `dependencies/node_modules/${name}`;
  if (!taken.has(top)) return top;
  for (let number = 2; ; number += 1) {
    const folder = `dependencies/other-versions/${number}/node_modules/${name}`;
    if (!taken.has(folder)) return folder;
  }
}

const manifestOf = ({ name, version, license }: BundledPackage) =>
  `${JSON.stringify({ name, version, ...(license && { license }) })}\n`;
