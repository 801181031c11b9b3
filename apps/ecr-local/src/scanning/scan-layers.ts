import {
  AdvisoryIndex,
  ecosystemOf,
  findVulnerabilities,
  type ImageInventory,
  readAdvisoryFiles,
  readInventory,
  ScanError,
  type UndecidedAdvisory,
} from '@typerush/image-scanning';
import { type LayerToScan, type ScanOutcome, type ScanType } from './scanner';

/** @throws ScanError */
export async function loadAdvisories(location: string): Promise<AdvisoryIndex> {
  const index = new AdvisoryIndex();
  await readAdvisoryFiles(location, ({ name, text }) => index.add(name, text));
  return index;
}

/** Scans an image with advisories that are loaded when they are first needed. */
export async function scanLayers(
  layers: readonly LayerToScan[],
  scanType: ScanType,
  advisories: () => Promise<AdvisoryIndex>,
): Promise<ScanOutcome> {
  try {
    const inventory = covered(
      await readInventory(
        layers.map(({ digest, mediaType, open }) => ({
          digest,
          open: async () => ({ mediaType, bytes: await open() }),
        })),
      ),
      scanType,
    );
    const index = await advisories();
    const reason = unsupportedBecause(inventory, scanType, index);
    if (reason !== undefined) return { status: 'unsupported', reason };
    const { vulnerabilities, undecided, uncovered } = findVulnerabilities(inventory, index);
    const notes = [
      ...inventory.problems,
      ...new Set(undecided.map(describeUndecided)),
      ...uncovered.map((ecosystem) => `there are no advisories of ${ecosystem}`),
      ...index.problems.first.map((each) => `not an advisory: ${each}`),
    ];
    const modifiedAt = index.modifiedAt;
    return {
      status: 'complete',
      vulnerabilities,
      notes,
      ...(modifiedAt !== undefined && { advisoriesModifiedAt: modifiedAt }),
    };
  } catch (error) {
    if (error instanceof ScanError) return { status: 'failed', reason: error.message };
    throw error;
  }
}

/** Packages that are built from one source have the advisories of that source. */
const describeUndecided = ({ advisory, package: found, reason }: UndecidedAdvisory) => {
  const { name, version } = found.source ?? found;
  return `not evaluated: ${advisory} for ${name} ${version}: ${reason}`;
};

const covered = (inventory: ImageInventory, scanType: ScanType): ImageInventory =>
  scanType === 'ENHANCED'
    ? inventory
    : { ...inventory, packages: inventory.packages.filter(({ type }) => type !== 'npm') };

/** To report no findings of packages that nothing is known of would be wrong. */
function unsupportedBecause(
  { system, packages }: ImageInventory,
  scanType: ScanType,
  advisories: AdvisoryIndex,
): string | undefined {
  const hasNpm = packages.some(({ type }) => type === 'npm');
  if (scanType === 'ENHANCED' && hasNpm && advisories.covers('npm')) return undefined;
  if (!system) return 'The image has no os-release, and no packages that can be scanned.';
  const ecosystem = ecosystemOf(system);
  if (ecosystem === undefined) return `The operating system "${system.name}" is not supported.`;
  if (advisories.covers(ecosystem)) return undefined;
  const known = advisories.ecosystems.join(', ') || 'nothing that is supported';
  return `There are no advisories of ${ecosystem}: those of ECR_LOCAL_ADVISORIES are of ${known}.`;
}
