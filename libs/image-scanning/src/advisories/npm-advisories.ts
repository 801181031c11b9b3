import semver from 'semver';
import * as z from 'zod';
import { type UndecidedAdvisory, type Vulnerability } from '../find-vulnerabilities';
import { type InstalledPackage } from '../packages/installed-package';
import { ScanError } from '../scan-error';
import { severityOf } from './severity';

/** Advisories by package. https://docs.npmjs.com/cli/v11/commands/npm-audit#bulk-advisory-endpoint */
const responseSchema = z.record(
  z.string(),
  z.array(
    z.object({
      id: z.union([z.number(), z.string()]),
      url: z.string(),
      title: z.string(),
      severity: z.string(),
      vulnerable_versions: z.string(),
    }),
  ),
);

type NpmAdvisory = z.output<typeof responseSchema>[string][number];

/** npm reports no aliases, dates and fixed versions. */
export type NpmVulnerability = Pick<
  Vulnerability,
  'id' | 'advisory' | 'aliases' | 'severity' | 'summary' | 'references' | 'package'
>;

/**
 * The vulnerabilities of packages, by an answer of npm's bulk advisory endpoint.
 * @throws ScanError if it is not such an answer
 */
export function npmVulnerabilities(
  packages: readonly InstalledPackage[],
  response: unknown,
): { readonly vulnerabilities: NpmVulnerability[]; readonly undecided: UndecidedAdvisory[] } {
  const { data, error } = responseSchema.safeParse(response);
  if (!data) throw new ScanError(`it is not a list of advisories: ${z.prettifyError(error)}`);
  const vulnerabilities: NpmVulnerability[] = [];
  const undecided: UndecidedAdvisory[] = [];
  for (const installed of packages) {
    const advisories = Object.hasOwn(data, installed.name) ? (data[installed.name] ?? []) : [];
    for (const advisory of advisories) {
      const named = { ...identify(advisory), package: installed };
      const { vulnerable_versions: range, severity, title: summary } = advisory;
      const isAffected = isInRange(installed.version, range);
      if (isAffected) {
        vulnerabilities.push({ ...named, severity: severityOf(severity), summary });
      } else if (isAffected === undefined) {
        const reason = `${installed.version} and "${range.slice(0, 100)}" cannot be compared`;
        undecided.push({ ...named, reason });
      }
    }
  }
  return { vulnerabilities, undecided };
}

/** As npm itself compares: pre-releases of an affected range are affected. undefined if a part is not valid. */
function isInRange(version: string, range: string): boolean | undefined {
  const options = { loose: true, includePrerelease: true };
  if (!semver.valid(version, options) || semver.validRange(range, options) === null) {
    return undefined;
  }
  return semver.satisfies(version, range, options);
}

/** The id that OSV has too is the last part of the address; npm's own number is its. */
function identify({ id, url }: NpmAdvisory) {
  const [advisory = `npm-${id}`] = /GHSA(-[0-9a-z]{4}){3}$/.exec(url) ?? [];
  return { id: advisory, advisory, aliases: [], references: [url] };
}
