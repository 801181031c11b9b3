import {
  type Cell,
  type DocumentTable,
  documentTables,
  type ReportDocument,
  summaryOf,
} from '@typerush/image-comparison';
import { byteGrowth, byteSize } from '@typerush/terminal-output';
import { describeBudget } from '../budget/budget';
import { byGrowth } from '../budget/growth';
import { describeCounts, describeStatus } from '../scan/describe-scan';
import { countBySeverity, type EvaluatedFinding } from '../scan/evaluate-scan';
import { describeSent, kindsOf } from './describe-push';
import { type DestinationRecord, type PushRecord } from './push-record';

/** A push for people: `summary.html`, `summary.md` and the page of a CI run. @param source The address of the source repository. */
export function pushPage(record: PushRecord, source?: string): ReportDocument {
  const { service, environment, destinations, standIn } = record;
  const unchanged = destinations.every((destination) => destination.unchanged);
  return {
    title: `${service} ${unchanged ? 'is unchanged' : 'was pushed'} in ${environment}`,
    notes: standIn ? ['Built on a stand-in base image: not for production.'] : [],
    facts: [
      ...imageFacts(record),
      ['Commit', commitOf(record, source)],
      ...(record.run === null ? [] : [['CI run', { text: record.run, link: record.run }] as const]),
      ['Time', record.pushedAt],
    ],
    tables: [destinationTable(record), findingTable(record), ...differenceTablesOf(record)],
    rest: 'push.json',
  };
}

type Facts = ReportDocument['facts'];

function imageFacts({ digest, platforms, budget, difference, findings }: PushRecord): Facts {
  const { before, after } = difference ?? {};
  return [
    ['Digest', { code: digest }],
    ...(platforms.length > 1
      ? platforms.map((one) => [one.platform, { code: one.digest }] as const)
      : []),
    ['Size above the base image', describeBudget(budget)],
    ...(before && after
      ? ([
          [
            'Size of all layers',
            `${byteSize(after.bytes)}, ${byteGrowth(after.bytes - before.bytes)}`,
          ],
          ['Image before', [{ code: before.name }, { code: before.digest }]],
        ] as const)
      : []),
    ['Changes', difference ? summaryOf(difference) : 'not known: no earlier image was compared'],
    ['Findings', countsOf(findings)],
  ];
}

function countsOf({ audit, scan, noScan }: PushRecord['findings']): string {
  const describe = (name: string, found: readonly EvaluatedFinding[]) =>
    `${name}${describeCounts(countBySeverity(found)) || ': none'}`;
  return [
    ...(audit ? [describe('audit', audit)] : []),
    scan ? describe('scan', scan) : `scan: ${noScan ?? 'none'}`,
  ].join('; ');
}

function commitOf({ commit }: PushRecord, source?: string): Cell {
  const isGitHub = source?.startsWith('https://github.com/');
  const text = commit.sha.slice(0, 7);
  const link: Cell = {
    text,
    link: isGitHub ? `${source}/commit/${encodeURIComponent(commit.sha)}` : undefined,
  };
  return commit.dirty ? [link, 'with uncommitted changes'] : link;
}

const destinationTable = ({ destinations, digest }: PushRecord): DocumentTable => ({
  title: 'Repositories',
  heading: ['repository', 'tags', 'layers', 'attached'],
  rows: destinations.map((destination) => ({
    cells: [
      repositoryCell(destination.repositoryUri, digest),
      tagsOf(destination),
      describeSent(destination),
      kindsOf(destination.attachments) || 'nothing',
    ],
  })),
  empty: 'None.',
});

const tagsOf = ({ tags }: DestinationRecord): Cell =>
  tags.map(({ tag, action }) => ({ code: tag, strong: action !== 'keep' }));

const repositoryInEcr = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com\/(.+)$/;

/** Of ECR, with a link to the image in the console of AWS, in its standard partition. */
function repositoryCell(uri: string, digest: string): Cell {
  const [, account, region, name] = repositoryInEcr.exec(uri) ?? [];
  if (name === undefined) return { code: uri };
  const page = `ecr/repositories/private/${account}/${name}/_/image/${digest}/details`;
  return { text: uri, link: `https://${region}.console.aws.amazon.com/${page}?region=${region}` };
}

function findingTable({ findings, pushedAt }: PushRecord): DocumentTable {
  const { audit, scan, noScan } = findings;
  const now = Date.parse(pushedAt);
  const rows = (source: string, found: readonly EvaluatedFinding[]) =>
    found.map((finding) => ({
      cells: [
        { text: finding.id, link: finding.link },
        finding.severity,
        [finding.package, finding.version].filter(Boolean).join(' '),
        finding.fixedIn ?? '',
        describeStatus(finding, now),
        source,
      ],
    }));
  return {
    title: 'Findings',
    heading: ['finding', 'severity', 'package', 'fixed in', 'gate', 'found by'],
    rows: [...rows('audit', audit ?? []), ...rows('scan', scan ?? [])],
    empty: scan ? 'None.' : `Not known: ${noScan ?? 'there is no scan'}.`,
    maxBytes: 20_000,
  };
}

/** Of the comparison without its files, which a push does not read. */
function differenceTablesOf({ difference }: PushRecord): readonly DocumentTable[] {
  if (!difference || difference.equal) return [];
  return documentTables(byGrowth(difference))
    .filter(({ id }) => id !== 'files')
    .map((each) => ({ ...each, title: `${each.title} since ${difference.before.name}` }));
}
