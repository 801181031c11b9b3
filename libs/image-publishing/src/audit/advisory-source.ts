import type { InstalledPackage, UndecidedAdvisory } from '@typerush/image-scanning';
import { type Finding } from '../scan/evaluate-scan';

/** A package of npm. */
export interface AuditedPackage {
  readonly name: string;
  readonly version: string;
}

export interface AdvisoryMatches {
  readonly findings: readonly Finding[];
  /** The latest change of an advisory, if the source knows it. */
  readonly modifiedAt?: string;
}

/** Where advisories come from. */
export interface AdvisorySource {
  readonly name: string;
  /** @throws PipelineError if it cannot be decided which packages are affected */
  match(packages: readonly AuditedPackage[]): Promise<AdvisoryMatches>;
}

/** As image-scanning takes them; no file or layer lists them. */
export const asInstalled = ({ name, version }: AuditedPackage): InstalledPackage => ({
  type: 'npm',
  name,
  version,
  file: '',
  layer: '',
});

/** An advisory that affects a package, in the terms of image-scanning. */
interface Affecting {
  readonly id: string;
  readonly advisory: string;
  readonly aliases: readonly string[];
  readonly severity: string;
  readonly references: readonly string[];
  readonly package: AuditedPackage;
  readonly fixedIn?: string;
}

/** The advisories that affect packages, and those of which that cannot be decided. */
export const findingsOf = (found: {
  readonly vulnerabilities: readonly Affecting[];
  readonly undecided: readonly UndecidedAdvisory[];
}): readonly Finding[] => [
  ...found.vulnerabilities.map(findingOf),
  ...found.undecided.map(undecidedFinding),
];

const findingOf = (found: Affecting): Finding => ({
  ...identify(found),
  severity: found.severity,
  ...(found.fixedIn !== undefined && { fixedIn: found.fixedIn }),
});

/** It blocks whatever the threshold is: its severity counts only once it is known to affect the package. */
const undecidedFinding = (found: UndecidedAdvisory): Finding => ({
  ...identify(found),
  severity: 'UNDECIDED',
  undecided: found.reason,
});

function identify(found: Omit<Affecting, 'severity'>) {
  const { id, advisory, aliases, references, package: affected } = found;
  const [link] = references;
  return {
    id,
    aliases: [...new Set([advisory, ...aliases])].filter((name) => name !== id),
    package: affected.name,
    version: affected.version,
    ...(link !== undefined && { link }),
  };
}
