import { createHash } from 'node:crypto';
import { type Vulnerability } from '@typerush/image-scanning';
import { type StoredImage } from './images';
import { type Registry, repositoryArn } from './registry';
import { type Repository } from './repository';
import { type ScanRecord } from './image-scans';

/** Most severe first. */
const severities = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'INFORMATIONAL', 'UNDEFINED', 'UNTRIAGED'];

/** A finding of either form, and the key that pages are made by. */
export interface KeyedFinding {
  readonly key: string;
  readonly severity: string;
  readonly finding: object;
}

const keyOf = (severity: string, ...names: readonly string[]) =>
  [severities.indexOf(severity), ...names].join(' ');

const linkOf = ({ advisory, references }: Vulnerability) =>
  references[0] ?? `https://osv.dev/vulnerability/${encodeURIComponent(advisory)}`;

const descriptionOf = ({ summary, details }: Vulnerability) => details ?? summary;

/** The limit of the API model. */
const attributeLength = 256;

/**
 * One for each vulnerability of a source package, as basic scanning reports them.
 * https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageScanFinding.html
 */
export function basicFindings(vulnerabilities: readonly Vulnerability[]): KeyedFinding[] {
  const findings = new Map<string, KeyedFinding>();
  for (const vulnerability of vulnerabilities) {
    const { id, severity, cvss, package: installed } = vulnerability;
    const { name, version } = installed.source ?? installed;
    const key = keyOf(severity, id, name, version);
    const major = cvss?.version.slice(0, 1);
    const attributes = [
      ['package_name', name],
      ['package_version', version],
      ...(cvss
        ? [
            [`CVSS${major}_SCORE`, String(cvss.baseScore)],
            [`CVSS${major}_VECTOR`, cvss.vector],
          ]
        : []),
    ].map(([name, value = '']) => ({ key: name, value: value.slice(0, attributeLength) }));
    const description = descriptionOf(vulnerability);
    const finding = {
      name: id,
      ...(description !== undefined && { description }),
      uri: linkOf(vulnerability),
      severity,
      attributes,
    };
    findings.set(key, { key, severity, finding });
  }
  return [...findings.values()];
}

export interface ScannedImage {
  readonly registry: Registry;
  readonly repository: Repository;
  readonly image: StoredImage;
  readonly record: ScanRecord;
}

/**
 * One for each vulnerability with all packages that it affects, as Amazon Inspector reports them.
 * https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_EnhancedImageScanFinding.html
 */
export function enhancedFindings(
  vulnerabilities: readonly Vulnerability[],
  scanned: ScannedImage,
): KeyedFinding[] {
  const byId = new Map<string, Vulnerability[]>();
  for (const each of vulnerabilities) {
    const of = byId.get(each.id);
    if (of) of.push(each);
    else byId.set(each.id, [each]);
  }
  return [...byId.values()].flatMap((of) => {
    const [first] = [...of].sort(
      (a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity),
    );
    return first ? [enhancedFinding(first, of, scanned)] : [];
  });
}

function enhancedFinding(
  first: Vulnerability,
  all: readonly Vulnerability[],
  scanned: ScannedImage,
): KeyedFinding {
  const { registry, repository, image, record } = scanned;
  const severity = first.severity === 'UNDEFINED' ? 'UNTRIAGED' : first.severity;
  const observedAt = new Date(record.completedAt ?? record.requestedAt);
  const description = descriptionOf(first);
  const hash = createHash('sha256').update(`${repository.id} ${image.digest} ${first.id}`);
  const fixes = all.filter(({ fixedIn }) => fixedIn !== undefined).length;
  const finding = {
    awsAccountId: registry.account,
    ...(description !== undefined && { description }),
    findingArn: `arn:aws:inspector2:${registry.region}:${registry.account}:finding/${hash.digest('hex').slice(0, 32)}`,
    firstObservedAt: observedAt,
    lastObservedAt: observedAt,
    updatedAt: observedAt,
    fixAvailable: fixes === 0 ? 'NO' : fixes === all.length ? 'YES' : 'PARTIAL',
    packageVulnerabilityDetails: detailsOf(first, all),
    remediation: { recommendation: { text: 'None Provided' } },
    resources: [resourceOf(scanned)],
    ...(first.cvss && scoreOf(first.cvss)),
    severity,
    status: 'ACTIVE',
    title: `${first.id} - ${[...new Set(all.map((each) => each.package.name))].join(', ')}`,
    type: 'PACKAGE_VULNERABILITY',
  };
  return { key: keyOf(severity, first.id), severity, finding };
}

const source = 'OSV';

const scoreOf = ({ baseScore, vector, version }: NonNullable<Vulnerability['cvss']>) => ({
  score: baseScore,
  scoreDetails: {
    cvss: {
      adjustments: [],
      score: baseScore,
      scoreSource: source,
      scoringVector: vector,
      version,
    },
  },
});

function detailsOf(first: Vulnerability, all: readonly Vulnerability[]) {
  const { cvss, published } = first;
  return {
    cvss: cvss
      ? [{ baseScore: cvss.baseScore, scoringVector: cvss.vector, source, version: cvss.version }]
      : [],
    referenceUrls: first.references,
    relatedVulnerabilities: first.aliases,
    source,
    sourceUrl: linkOf(first),
    ...dateOf('vendorCreatedAt', published),
    ...dateOf('vendorUpdatedAt', first.modified),
    vulnerabilityId: first.id,
    vulnerablePackages: all.map(({ package: installed, fixedIn }) => ({
      name: installed.name,
      version: installed.version,
      ...(installed.architecture !== undefined && { arch: installed.architecture }),
      filePath: installed.file,
      fixedInVersion: fixedIn ?? 'NotAvailable',
      packageManager: installed.type === 'npm' ? 'NODEPKG' : 'OS',
      sourceLayerHash: installed.layer,
    })),
  };
}

/** Without a date that is not valid: a client could not read the response. */
function dateOf(name: string, text: string | undefined): Readonly<Record<string, Date>> {
  const date = new Date(text ?? NaN);
  return Number.isNaN(date.getTime()) ? {} : { [name]: date };
}

const resourceOf = ({ registry, repository, image }: ScannedImage) => ({
  id: `${repositoryArn(registry, repository.name)}/${image.digest}`,
  type: 'AWS_ECR_CONTAINER_IMAGE',
  details: {
    awsEcrContainerImage: {
      imageHash: image.digest,
      imageTags: image.tags,
      pushedAt: new Date(image.pushedAt),
      registry: registry.account,
      repositoryName: repository.name,
    },
  },
});

export function countBySeverity(
  findings: readonly Pick<KeyedFinding, 'severity'>[],
): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { severity } of findings) counts[severity] = (counts[severity] ?? 0) + 1;
  return counts;
}
