import { type FindingSeverity } from '@typerush/image-registry';
import { type ServiceImage } from '@typerush/pipeline-context';
import { grid, type Report } from '@typerush/terminal-output';
import {
  describeAllowList,
  describeCounts,
  describeStatus,
  describeVerdict,
} from '../scan/describe-scan';
import { checkAllowList, type EvaluatedFinding } from '../scan/evaluate-scan';
import { type Audit, auditBundle, type AuditedFinding, type AuditServices } from './audit-bundle';

export interface AuditOptions {
  /** Has precedence over that of `image.json`. */
  readonly threshold?: FindingSeverity;
}

/**
 * Compares the packages of the bundle of a service with advisories.
 * @throws PipelineError `NOT_BUNDLED`, `ADVISORIES_INVALID`, `ADVISORIES_UNREACHABLE`
 */
export async function auditService(
  service: ServiceImage,
  options: AuditOptions,
  services: AuditServices,
): Promise<Report> {
  return describeAudit(service.project, await auditBundle(service, options, services));
}

const shown = 50;

/** The findings of an audit and its verdict. */
function describeAudit(service: string, audit: Audit): Report {
  const { findings, absent, counts, packages, advisories, rules } = audit;
  const { threshold, allow, now } = rules;
  // An entry without a finding here may be for the scan of the base image.
  const entries = checkAllowList(allow, findings, now).filter(({ state }) => state !== 'stale');
  const passed = !findings.some(({ verdict }) => verdict === 'blocks');
  const changed = advisories.modifiedAt ? `, changed last on ${advisories.modifiedAt}` : '';
  return {
    passed,
    data: {
      service,
      threshold,
      passed,
      packages,
      advisories,
      counts,
      findings,
      absent,
      allow: entries,
    },
    text: [
      describeFindings(`${service}: audit of ${packages} packages${describeCounts(counts)}`, audit),
      describeAbsent(absent),
      describeAllowList(entries),
      `  advisories: ${advisories.name}${changed}\n`,
      describeVerdict(service, findings, threshold, 'update the packages'),
    ].join(''),
  };
}

function describeFindings(title: string, { findings, rules }: Audit): string {
  const heading = [
    'severity',
    'finding',
    'package',
    'version',
    'fixed in',
    '',
    'in the image',
    'link',
  ];
  const rows = findings
    .slice(0, shown)
    .map((finding) => [
      ...columnsOf(finding),
      describeStatus(finding, rules.now),
      describePart(finding),
      finding.link ?? '',
    ]);
  return findings.length === 0
    ? `${title}\n  nothing found\n`
    : grid(title, heading, rows) + more(findings);
}

function describeAbsent(absent: readonly EvaluatedFinding[]): string {
  if (absent.length === 0) return '';
  const heading = ['severity', 'finding', 'package', 'version', 'fixed in'];
  const rows = absent.slice(0, shown).map(columnsOf);
  return grid('installed, but no module of them is in the image', heading, rows) + more(absent);
}

const columnsOf = (finding: EvaluatedFinding) => [
  finding.severity,
  finding.id,
  finding.package ?? '',
  finding.version ?? '',
  finding.fixedIn ?? '',
];

const more = (findings: readonly unknown[]) =>
  findings.length > shown ? `  and ${findings.length - shown} more\n` : '';

/** Advisories of npm name packages only: the modules show a reader what is used of one. */
function describePart({ asFiles, modules = [] }: AuditedFinding): string {
  if (asFiles !== undefined) return 'as files';
  const [first = '', ...others] = modules;
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}
