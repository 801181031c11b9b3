import { type FindingSeverity } from '@typerush/image-registry';
import { shortDigest } from '@typerush/oci';
import { grid, type Report } from '@typerush/terminal-output';
import pc from 'picocolors';
import {
  checkAllowList,
  type CheckedEntry,
  daysLeft,
  type EvaluatedFinding,
  type ScanEvaluation,
  type ScanRules,
  type Verdict,
} from './evaluate-scan';

/** How many findings a table lists. */
const shown = 50;

/** A table of findings, with further columns between those of every finding and the link. */
export function findingTable<Shown extends EvaluatedFinding>(
  title: string,
  findings: readonly Shown[],
  more: Readonly<Record<string, (finding: Shown) => string>> = {},
): string {
  const heading = ['severity', 'finding', 'package', 'version', 'fixed in', ...Object.keys(more)];
  const rows = findings
    .slice(0, shown)
    .map((finding) => [
      finding.severity,
      finding.id,
      finding.package ?? '',
      finding.version ?? '',
      finding.fixedIn ?? '',
      ...Object.values(more).map((column) => column(finding)),
    ]);
  const others = findings.length - shown;
  return grid(title, heading, rows) + (others > 0 ? `  and ${others} more\n` : '');
}

export const linkOf = ({ link = '' }: EvaluatedFinding) => link;

/** The evaluated scan of the image of one platform. */
export interface ScannedImage extends ScanEvaluation {
  readonly platform: string;
  readonly digest: string;
}

interface Scanned {
  readonly service: string;
  readonly repository: string;
  readonly images: readonly ScannedImage[];
}

/** The findings and the verdict for every platform of an image. */
export function describeScans(
  { service, repository, images }: Scanned,
  { threshold, allow, now }: ScanRules,
): Report {
  const findings = images.flatMap((image) => image.findings);
  const entries = checkAllowList(allow, findings, now);
  const passed = !findings.some(({ verdict }) => verdict === 'blocks');
  return {
    passed,
    data: { service, repository, threshold, passed, images, allow: entries },
    text:
      images.map((image) => describeImage(service, image, now)).join('') +
      describeAllowList(entries) +
      images
        .map(({ platform, findings }) => describeVerdict(platform, findings, threshold, scanFix))
        .join(''),
  };
}

function describeImage(
  service: string,
  { platform, digest, counts, findings }: ScannedImage,
  now: number,
): string {
  const title = `${service}: scan of ${shortDigest(digest)}, ${platform}`;
  if (findings.length === 0) return `${pc.bold(title)}\n  nothing found\n`;
  return findingTable(`${title}${describeCounts(counts)}`, findings, {
    '': (finding) => describeStatus(finding, now),
    link: linkOf,
  });
}

/** `: 1 CRITICAL, 2 LOW`; empty without findings. */
export function describeCounts(counts: ScanEvaluation['counts']): string {
  const sum = counts.map(({ severity, count }) => `${count} ${severity}`).join(', ');
  return sum && `: ${sum}`;
}

const words: Readonly<Record<Verdict, string>> = {
  blocks: 'blocks',
  allowed: 'allowed',
  suppressed: 'suppressed in Inspector',
  below: '',
};

/** Whether a finding blocks, and why. */
export function describeStatus(
  { verdict, entry, undecided }: EvaluatedFinding,
  now: number,
): string {
  if (verdict === 'allowed' && entry) return `allowed, ${days(daysLeft(entry, now))} left`;
  if (verdict === 'blocks' && entry) return `blocks: was allowed until ${entry.expires}`;
  return verdict === 'blocks' && undecided !== undefined
    ? `blocks: not decided: ${undecided}`
    : words[verdict];
}

/** Every entry of the allow list with its state and reason. */
export function describeAllowList(entries: readonly CheckedEntry[]): string {
  if (entries.length === 0) return '';
  const rows = entries.map((entry) => [
    entry.package ? `${entry.id} in ${entry.package}` : entry.id,
    entry.expires,
    describeEntry(entry),
    entry.reason,
  ]);
  return grid('allowed in image.json', ['finding', 'until', '', 'reason'], rows);
}

function describeEntry({ state, daysLeft: left }: CheckedEntry): string {
  switch (state) {
    case 'stale':
      return 'stale: matches no finding; remove it, unless docker-audit reports it';
    case 'expired':
      return `expired ${days(-left)} ago: blocks again; update the package, or decide again`;
    case 'expires-soon':
      return `warning: ${days(left)} left`;
    case 'in-force':
      return `${days(left)} left`;
  }
}

const days = (count: number) => `${count} ${count === 1 ? 'day' : 'days'}`;

export const orHigher = (severity: FindingSeverity) =>
  severity === 'CRITICAL' ? severity : `${severity} or higher`;

const scanFix = 'update the packages or the base image';

/** @param fix For findings that block, besides allowing them. */
export function describeVerdict(
  subject: string,
  findings: readonly EvaluatedFinding[],
  threshold: FindingSeverity,
  fix: string,
): string {
  const count = (verdict: Verdict) => findings.filter((each) => each.verdict === verdict).length;
  const blocking = count('blocks');
  const exceptions = (['allowed', 'suppressed'] as const)
    .filter((verdict) => count(verdict) > 0)
    .map((verdict) => `${count(verdict)} ${verdict}`);
  const rest = exceptions.length > 0 ? ` (${exceptions.join(', ')})` : '';
  return blocking === 0
    ? `${pc.green('passed')} ${subject}: no findings of severity ${orHigher(threshold)}${rest}\n`
    : `${pc.red('blocked')} ${subject}: ${blocking} of severity ${orHigher(threshold)}${rest}\n` +
        `Fix: ${fix}, or allow a harmless finding in image.json (scan.allow).\n`;
}

/** How many blocking findings a message lists. */
const listed = 10;

/** The findings that block, for the message of a gate. */
export function describeBlocking(
  subject: string,
  threshold: FindingSeverity,
  findings: readonly (EvaluatedFinding & { readonly platform?: string })[],
): string {
  const lines = findings.slice(0, listed).map((finding) => {
    const { severity, id, package: name, version, platform, undecided } = finding;
    const where = name ? ` in ${[name, version].filter(Boolean).join(' ')}` : '';
    const why = undecided === undefined ? '' : `: ${undecided}`;
    return `  ${severity} ${id}${where}${platform ? ` (${platform})` : ''}${why}`;
  });
  const more = findings.length - listed;
  const count = `${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}`;
  return [
    `${subject} has ${count} of severity ${orHigher(threshold)}:`,
    ...lines,
    ...(more > 0 ? [`  and ${more} more`] : []),
  ].join('\n');
}
