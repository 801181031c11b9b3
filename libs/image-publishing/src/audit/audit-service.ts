import { type FindingSeverity } from '@typerush/image-registry';
import { type ServiceImage } from '@typerush/pipeline-context';
import { type Report } from '@typerush/terminal-output';
import {
  describeAllowList,
  describeCounts,
  describeStatus,
  describeVerdict,
  findingTable,
  linkOf,
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
  if (findings.length === 0) return `${title}\n  nothing found\n`;
  return findingTable(title, findings, {
    '': (finding) => describeStatus(finding, rules.now),
    'in the image': describePart,
    link: linkOf,
  });
}

const describeAbsent = (absent: readonly EvaluatedFinding[]) =>
  absent.length === 0
    ? ''
    : findingTable('installed, but no module of them is in the image', absent);

/** Advisories of npm name packages only: the modules show a reader what is used of one. */
function describePart({ asFiles, modules = [] }: AuditedFinding): string {
  if (asFiles !== undefined) return 'as files';
  const [first = '', ...others] = modules;
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}
