import path from 'node:path';
import { PipelineError } from '@typerush/pipeline-context';
import {
  type AdvisorySource,
  asInstalled,
  type AuditedPackage,
  findingsOf,
} from './advisory-source';

const ecosystem = 'npm';

/** Advisories in a folder or archive, in the format of OSV. Needs no network. */
export function osvAdvisories(location: string, workspaceRoot: string): AdvisorySource {
  const file = path.resolve(workspaceRoot, location);
  return {
    name: location,
    match: async (packages) => {
      const { findVulnerabilities } = await import('@typerush/image-scanning');
      const index = await readIndex(file, location, packages);
      const installed = packages.map(asInstalled);
      const { modifiedAt } = index;
      return {
        findings: findingsOf(findVulnerabilities({ packages: installed }, index)),
        ...(modifiedAt !== undefined && { modifiedAt }),
      };
    },
  };
}

/** Only advisories on the packages are kept: all of npm need several hundred megabytes. */
async function readIndex(file: string, location: string, packages: readonly AuditedPackage[]) {
  const { AdvisoryIndex, readAdvisoryFiles, ScanError } = await import('@typerush/image-scanning');
  const names = new Set(packages.map(({ name }) => name));
  const index = new AdvisoryIndex((of, name) => of === ecosystem && names.has(name));
  try {
    await readAdvisoryFiles(file, ({ name, text }) => index.add(name, text));
  } catch (error) {
    if (!(error instanceof ScanError)) throw error;
    throw invalid(location, error.message, error);
  }
  const { count, first } = index.problems;
  if (count > 0) {
    const files = count === 1 ? '1 file is not an advisory' : `${count} files are not advisories`;
    throw invalid(location, `${files}: ${first.slice(0, 3).join('; ')}`);
  }
  if (!index.covers(ecosystem)) throw invalid(location, 'it contains no advisories of npm');
  return index;
}

/** One that cannot be read may be about any package: nothing can be decided. */
const invalid = (location: string, reason: string, cause?: unknown) =>
  new PipelineError(
    'ADVISORIES_INVALID',
    `Cannot read the advisories in ${location}: ${reason}.\n` +
      'Fix: download them again, such as the archive of npm that osv.dev publishes,\n' +
      '     or name others with --advisories, or in registry.json (advisories).',
    { cause },
  );
