import { type FindingSeverity } from '@typerush/image-registry';
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

const shown = 50;

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
): Report & { readonly passed: boolean } {
  const findings = images.flatMap((image) => image.findings);
  const entries = checkAllowList(allow, findings, now);
  const passed = !findings.some(({ verdict }) => verdict === 'blocks');
  return {
    passed,
    data: { service, repository, threshold, passed, images, allow: entries },
    text:
      images.map((image) => describeImage(service, image, now)).join('') +
      describeAllowList(entries) +
      images.map((image) => describeVerdict(image, threshold)).join(''),
  };
}

function describeImage(
  service: string,
  { platform, digest, counts, findings }: ScannedImage,
  now: number,
): string {
  const title = `${service}: scan of ${digest.slice(0, 19)}, ${platform}`;
  if (findings.length === 0) return `${pc.bold(title)}\n  nothing found\n`;
  const sum = counts.map(({ severity, count }) => `${count} ${severity}`).join(', ');
  const heading = ['severity', 'finding', 'package', 'version', 'fixed in', '', 'link'];
  const rows = findings
    .slice(0, shown)
    .map((finding) => [
      finding.severity,
      finding.id,
      finding.package ?? '',
      finding.version ?? '',
      finding.fixedIn ?? '',
      describeFinding(finding, now),
      finding.link ?? '',
    ]);
  const more = findings.length - shown;
  return grid(`${title}: ${sum}`, heading, rows) + (more > 0 ? `  and ${more} more\n` : '');
}

const words: Readonly<Record<Verdict, string>> = {
  blocks: 'blocks',
  allowed: 'allowed',
  suppressed: 'suppressed in Inspector',
  below: '',
};

function describeFinding({ verdict, entry }: EvaluatedFinding, now: number): string {
  if (verdict === 'allowed' && entry) return `allowed, ${days(daysLeft(entry, now))} left`;
  if (verdict === 'blocks' && entry) return `blocks: was allowed until ${entry.expires}`;
  return words[verdict];
}

/** Every entry of the allow list with its state and reason. */
function describeAllowList(entries: readonly CheckedEntry[]): string {
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
      return 'stale: matches no finding; remove it';
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

function describeVerdict({ platform, findings }: ScannedImage, threshold: FindingSeverity): string {
  const count = (verdict: Verdict) => findings.filter((each) => each.verdict === verdict).length;
  const blocking = count('blocks');
  const exceptions = (['allowed', 'suppressed'] as const)
    .filter((verdict) => count(verdict) > 0)
    .map((verdict) => `${count(verdict)} ${verdict}`);
  const rest = exceptions.length > 0 ? ` (${exceptions.join(', ')})` : '';
  return blocking === 0
    ? `${pc.green('passed')} ${platform}: no findings of severity ${orHigher(threshold)}${rest}\n`
    : `${pc.red('blocked')} ${platform}: ${blocking} of severity ${orHigher(threshold)}${rest}\n` +
        'Fix: update the packages or the base image, or allow a harmless finding in image.json (scan.allow).\n';
}
