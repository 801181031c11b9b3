import { versionOrder } from '../versions/compare-versions';
import { type Advisory, type Affected, parseAdvisory } from './osv';

/** An advisory for one package of one ecosystem. */
export interface PackageAdvisory {
  readonly advisory: Advisory;
  readonly affected: Affected;
}

const problemsKept = 20;

/** What an advisory says in words is cut here: an index of all advisories of npm is in memory. */
const maximumWords = 2_000;
const referencesKept = 20;

/** Whether advisories for a package are kept; without it, all are. */
export type PackageSelection = (ecosystem: string, name: string) => boolean;

/** Advisories by ecosystem and package. Those of ecosystems whose versions have no order here are left out. */
export class AdvisoryIndex {
  private readonly byPackage = new Map<string, PackageAdvisory[]>();
  private readonly known = new Set<string>();
  private readonly notes: string[] = [];
  private latest: string | undefined;
  private invalid = 0;

  /** @param isSelected A selection needs a fraction of the memory that all advisories of npm need. */
  constructor(private readonly isSelected: PackageSelection = () => true) {}

  /** @param text of a file: one advisory in JSON, as OSV defines it */
  add(name: string, text: string | undefined): void {
    const result = read(text);
    if ('problem' in result) {
      this.invalid += 1;
      if (this.notes.length < problemsKept) this.notes.push(`${name}: ${result.problem}`);
      return;
    }
    const { advisory } = result;
    if (this.latest === undefined || advisory.modified > this.latest) {
      this.latest = advisory.modified;
    }
    // Withdrawn ones still show which ecosystems there are advisories of.
    const supported = advisory.affected.filter(
      ({ package: named }) => named && versionOrder(named.ecosystem),
    );
    if (supported.length === 0) return;
    const kept = shortened(advisory);
    for (const affected of supported) this.addAffected(kept, affected);
  }

  private addAffected(advisory: Advisory, affected: Affected): void {
    const { ecosystem = '', name = '' } = affected.package ?? {};
    this.known.add(ecosystem);
    if (advisory.withdrawn || !this.isSelected(ecosystem, name)) return;
    const key = keyOf(ecosystem, name);
    const of = this.byPackage.get(key);
    if (of) of.push({ advisory, affected });
    else this.byPackage.set(key, [{ advisory, affected }]);
  }

  of(ecosystem: string, name: string): readonly PackageAdvisory[] {
    return this.byPackage.get(keyOf(ecosystem, name)) ?? [];
  }

  /** Whether there are advisories of the ecosystem at all. */
  covers(ecosystem: string): boolean {
    return this.known.has(ecosystem);
  }

  get ecosystems(): readonly string[] {
    return [...this.known].sort();
  }

  /** The latest time of a change of an advisory. */
  get modifiedAt(): string | undefined {
    return this.latest;
  }

  /** Files that are not advisories: how many, and the first of them with the reason. */
  get problems(): { readonly count: number; readonly first: readonly string[] } {
    return { count: this.invalid, first: this.notes };
  }
}

const keyOf = (ecosystem: string, name: string) => `${ecosystem}\n${name}`;

function read(text: string | undefined): ReturnType<typeof parseAdvisory> {
  if (text === undefined) return { problem: 'the file is too large' };
  try {
    return parseAdvisory(JSON.parse(text));
  } catch {
    return { problem: 'the file is not JSON' };
  }
}

/** The affected packages are kept apart. */
const shortened = (advisory: Advisory): Advisory => ({
  ...advisory,
  affected: [],
  summary: advisory.summary?.slice(0, maximumWords),
  details: advisory.details?.slice(0, maximumWords),
  references: advisory.references.slice(0, referencesKept),
});
