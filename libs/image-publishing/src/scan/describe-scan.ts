import { type FindingSeverity } from '@typerush/image-registry';
import pc from 'picocolors';
import { grid, type Report } from '@typerush/terminal-output';
import { checkAllowList, type CheckedEntry, daysLeft } from './allow-list';
import { type JudgedFinding, type ScanRules, type Verdict } from './judge-scan';
import { type ScannedImage } from './scan-service';

const shown = 50;

interface Scanned {
  readonly service: string;
  readonly repository: string;
  readonly images: readonly ScannedImage[];
}

/** The verdict on every platform of an image, for machines and for people. */
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

function describeFinding({ verdict, entry }: JudgedFinding, now: number): string {
  if (verdict === 'allowed' && entry) return `allowed, ${days(daysLeft(entry, now))} left`;
  if (verdict === 'blocks' && entry) return `blocks: was allowed until ${entry.expires}`;
  return words[verdict];
}

/** Every entry of the list with its reason, and what is to be done about it. */
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
      return 'stale: nothing found that it names; remove it';
    case 'expired':
      return `expired ${days(-left)} ago: it counts again; update what it names, or decide anew`;
    case 'expires-soon':
      return `warning: ${days(left)} left`;
    case 'in-force':
      return `${days(left)} left`;
  }
}

const days = (count: number) => `${count} ${count === 1 ? 'day' : 'days'}`;

function describeVerdict({ platform, findings }: ScannedImage, threshold: FindingSeverity): string {
  const count = (verdict: Verdict) => findings.filter((each) => each.verdict === verdict).length;
  const blocking = count('blocks');
  const apart = [
    ...(count('allowed') ? [`${count('allowed')} allowed`] : []),
    ...(count('suppressed') ? [`${count('suppressed')} suppressed`] : []),
  ];
  const rest = apart.length > 0 ? ` (${apart.join(', ')})` : '';
  return blocking === 0
    ? `${pc.green('passed')} ${platform}: nothing from ${threshold} up${rest}\n`
    : `${pc.red('blocked')} ${platform}: ${blocking} from ${threshold} up${rest}. ` +
        'Update what they name, or the base image; where one does no harm, allow it in image.json (scan.allow).\n';
}
