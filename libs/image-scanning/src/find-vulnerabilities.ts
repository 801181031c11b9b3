import { type AdvisoryIndex, type PackageAdvisory } from './advisories/advisory-index';
import { evaluateVersion } from './advisories/affected-version';
import { type Advisory } from './advisories/osv';
import { rate, type Rating } from './advisories/severity';
import { type ImageInventory } from './inventory';
import { type InstalledPackage } from './packages/installed-package';
import { ecosystemOf } from './packages/os-release';
import { versionOrder } from './versions/compare-versions';

/** A vulnerability, and a package of the image that it affects. */
export interface Vulnerability extends Rating {
  /** `CVE-2026-0001` if it has one, otherwise the id of the advisory. */
  readonly id: string;
  readonly advisory: string;
  readonly aliases: readonly string[];
  readonly summary?: string;
  readonly details?: string;
  readonly references: readonly string[];
  readonly published?: string;
  readonly modified: string;
  readonly package: InstalledPackage;
  /** The first version without it. */
  readonly fixedIn?: string;
}

/** An advisory that could not be evaluated for a package of the image. */
export interface UndecidedAdvisory extends Pick<
  Vulnerability,
  'id' | 'advisory' | 'aliases' | 'references'
> {
  readonly package: InstalledPackage;
  readonly reason: string;
}

export interface VulnerabilityReport {
  readonly vulnerabilities: readonly Vulnerability[];
  readonly undecided: readonly UndecidedAdvisory[];
  /** Ecosystems of packages of the image that there are no advisories of. */
  readonly uncovered: readonly string[];
}

/** The vulnerabilities of the packages of an image, each once. */
export function findVulnerabilities(
  { system, packages }: Pick<ImageInventory, 'system' | 'packages'>,
  advisories: AdvisoryIndex,
): VulnerabilityReport {
  const found = new Map<string, Vulnerability>();
  const undecided: UndecidedAdvisory[] = [];
  const uncovered = new Set<string>();
  const distribution = system && ecosystemOf(system);
  for (const each of packages) {
    const ecosystem = each.type === 'npm' ? 'npm' : distribution;
    const compare = ecosystem === undefined ? undefined : versionOrder(ecosystem);
    if (ecosystem === undefined || !compare) continue;
    if (!advisories.covers(ecosystem)) uncovered.add(ecosystem);
    const { name, version } = each.source ?? each;
    for (const candidate of advisories.of(ecosystem, name)) {
      const verdict = evaluateVersion(candidate.affected, version, compare);
      if (verdict.status === 'undecided') {
        undecided.push({ ...identify(each, candidate), reason: verdict.reason });
      }
      if (verdict.status !== 'affected') continue;
      const vulnerability = describe(each, candidate, verdict.fixedIn);
      const key = JSON.stringify([vulnerability.id, each.type, each.name, each.version]);
      found.set(key, preferred(found.get(key), vulnerability));
    }
  }
  return {
    vulnerabilities: [...found.values()],
    undecided,
    uncovered: [...uncovered],
  };
}

function describe(
  installed: InstalledPackage,
  { advisory, affected }: PackageAdvisory,
  fixedIn: string | undefined,
): Vulnerability {
  const { summary, details, published } = advisory;
  return {
    ...identify(installed, { advisory }),
    ...rate(advisory, affected),
    ...(summary && { summary }),
    ...(details && { details }),
    ...(published && { published }),
    modified: advisory.modified,
    ...(fixedIn !== undefined && { fixedIn }),
  };
}

const identify = (
  installed: InstalledPackage,
  { advisory }: Pick<PackageAdvisory, 'advisory'>,
) => ({
  id: commonId(advisory),
  advisory: advisory.id,
  aliases: advisory.aliases,
  references: advisory.references.map(({ url }) => url),
  package: installed,
});

/** One advisory may be about several CVEs: then it has only its own id. */
function commonId({ id, aliases, upstream }: Advisory): string {
  const isCve = (name: string) => name.startsWith('CVE-');
  if (isCve(id)) return id;
  const [cve, ...others] = new Set([...aliases, ...upstream].filter(isCve));
  return cve !== undefined && others.length === 0 ? cve : id;
}

/** Of two advisories on the same vulnerability, the one that knows more. */
function preferred(first: Vulnerability | undefined, second: Vulnerability): Vulnerability {
  if (!first) return second;
  const knowledge = ({ severity, fixedIn, cvss }: Vulnerability) =>
    Number(severity !== 'UNDEFINED') + Number(fixedIn !== undefined) + Number(cvss !== undefined);
  return knowledge(second) > knowledge(first) ? second : first;
}
