import { ImageFiles } from './layers/image-files';
import { type LayerContent, readLayer } from './layers/read-layer';
import { type InstalledPackage, type ListedPackage } from './packages/installed-package';
import { type OperatingSystem, parseOsRelease } from './packages/os-release';
import { kindOf, maximumFileSize, packagesIn } from './packages/package-files';
import { ScanError } from './scan-error';

/** A layer of an image, in a form that can be opened when it is its turn. */
export interface ImageLayer {
  readonly digest: string;
  open(): Promise<LayerContent>;
}

export interface ImageInventory {
  readonly system?: OperatingSystem;
  readonly packages: readonly InstalledPackage[];
  /** Files that could not be read, for people. */
  readonly problems: readonly string[];
}

export interface InventoryLimits {
  /** Bytes of one layer once it is uncompressed. */
  readonly layerBytes: number;
  /** Entries of all layers. */
  readonly entries: number;
  /** Packages of the image, and files that list them. */
  readonly packages: number;
}

/** Ten times those of the largest images that are in use. */
export const inventoryLimits: InventoryLimits = {
  layerBytes: 64 * 1024 ** 3,
  entries: 5_000_000,
  packages: 200_000,
};

interface ReadFile {
  readonly layer: string;
  readonly system?: OperatingSystem | undefined;
  readonly packages?: readonly ListedPackage[];
  readonly problem?: string;
}

/**
 * The operating system and the packages of an image, by reading its layers in order.
 *
 * @throws ScanError if a layer cannot be read or the image exceeds a limit
 */
export async function readInventory(
  layers: readonly ImageLayer[],
  limits: InventoryLimits = inventoryLimits,
): Promise<ImageInventory> {
  const files = new ImageFiles<ReadFile>();
  let entries = 0;
  let listed = 0;
  for (const { digest, open } of layers) {
    await readLayer(
      await open(),
      limits.layerBytes,
      ({ path, type, size }) => {
        entries += 1;
        if (entries > limits.entries) {
          throw new ScanError(`the image has more than ${limits.entries} entries`);
        }
        return type === 'file' && size <= maximumFileSize && kindOf(path) !== undefined;
      },
      (entry, content) => {
        const file = readFile(entry, content, digest);
        listed += file ? 1 + (file.packages?.length ?? 0) : 0;
        if (listed > limits.packages) {
          throw new ScanError(`the image lists more than ${limits.packages} packages`);
        }
        files.add(entry, file);
      },
    );
    files.endLayer();
  }
  return summarize([...files.files()]);
}

function readFile(
  { path, type, size }: { path: string; type: string; size: number },
  content: Buffer | undefined,
  layer: string,
): ReadFile | undefined {
  const kind = kindOf(path);
  if (kind === undefined || type !== 'file') return undefined;
  if (!content) return { layer, problem: `has ${size} bytes` };
  const text = content.toString();
  if (kind === 'os-release') return { layer, system: parseOsRelease(text) };
  try {
    return { layer, packages: packagesIn(path, text) };
  } catch {
    return { layer, problem: 'is not JSON' };
  }
}

const problemsShown = 20;

function summarize(files: readonly (readonly [path: string, file: ReadFile])[]): ImageInventory {
  const byPath = new Map(files);
  const system = (byPath.get('etc/os-release') ?? byPath.get('usr/lib/os-release'))?.system;
  const packages = new Map<string, InstalledPackage>();
  // What a package manager lists has precedence over an SBOM.
  const sorted = [...files].sort(([a], [b]) => Number(isSbom(a)) - Number(isSbom(b)));
  for (const [file, { layer, packages: found = [] }] of sorted) {
    for (const each of found) {
      const key = JSON.stringify([each.type, each.name, each.version]);
      if (!packages.has(key)) packages.set(key, { ...each, file, layer });
    }
  }
  const problems = files.flatMap(([path, { problem }]) => (problem ? `/${path} ${problem}` : []));
  return {
    ...(system && { system }),
    packages: [...packages.values()],
    problems: problems.slice(0, problemsShown),
  };
}

const isSbom = (path: string) => kindOf(path) === 'sbom';
