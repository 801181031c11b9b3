import { EcrError } from '../errors/ecr-error';
import { type Addressed, type ConsoleDeps } from './console-data';
import { table } from './layout';
import { markup, type Markup } from './markup';
import { count } from './text-forms';

const mostShown = 500;

interface Finding {
  readonly name?: string;
  readonly severity?: string;
  readonly description?: string;
  readonly attributes?: readonly { readonly key?: string; readonly value?: string }[];
}

interface EnhancedFinding extends Finding {
  readonly title?: string;
  readonly packageVulnerabilityDetails?: {
    readonly vulnerablePackages?: readonly {
      readonly name?: string;
      readonly version?: string;
      readonly fixedInVersion?: string;
    }[];
  };
}

export interface Scan {
  readonly imageScanStatus?: { readonly status?: string; readonly description?: string };
  readonly imageScanFindings?: {
    readonly findings?: readonly Finding[];
    readonly enhancedFindings?: readonly EnhancedFinding[];
  };
}

/** The latest scan of an image, if there was one and the viewer may see it. */
export async function scanOf(
  { viewer, serviceOf }: ConsoleDeps,
  { registry, repository: { name } }: Addressed,
  imageDigest: string,
): Promise<Scan | 'denied' | undefined> {
  if (!viewer.mayRepository('ecr:DescribeImageScanFindings', registry, name)) return 'denied';
  const request = { repositoryName: name, imageId: { imageDigest } };
  try {
    return (await serviceOf(registry).describeImageScanFindings(request)) as Scan;
  } catch (error) {
    if (error instanceof EcrError) return undefined;
    throw error;
  }
}

/** Findings of basic and of enhanced scans, which have another form each. */
export function findings(scan: Scan | 'denied' | undefined): Markup {
  if (scan === 'denied') {
    return markup`<h2>Scan</h2>
      <p class="quiet">You are not allowed <code>ecr:DescribeImageScanFindings</code> here.</p>`;
  }
  if (!scan) {
    return markup`<h2>Scan</h2>
      <p class="quiet">This image was not scanned.</p>`;
  }
  const { imageScanStatus: status, imageScanFindings: found } = scan;
  const all = [
    ...(found?.findings ?? []).map((finding) => ({ ...finding, of: packageOf(finding) })),
    ...(found?.enhancedFindings ?? []).map((finding) => ({
      ...finding,
      name: finding.title ?? '',
      of: packagesOfEnhanced(finding),
    })),
  ];
  return markup`<h2>Scan</h2>
    <p>${status?.status}: ${status?.description}</p>
    ${
      all.length > 0 &&
      table(
        count(all.length, 'finding'),
        ['Finding', 'Severity', 'Package', 'Description'],
        all.slice(0, mostShown).map(
          ({ name, severity, of, description }) =>
            markup`<tr>
              <td>${name}</td>
              <td>${severity}</td>
              <td class="wrap">${of}</td>
              <td class="wrap">${description}</td>
            </tr>`,
        ),
      )
    }`;
}

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-basic.html */
function packageOf({ attributes = [] }: Finding): string {
  const valueOf = (name: string) => attributes.find(({ key }) => key === name)?.value ?? '';
  return `${valueOf('package_name')} ${valueOf('package_version')}`.trim();
}

const packagesOfEnhanced = ({ packageVulnerabilityDetails: details }: EnhancedFinding): string =>
  (details?.vulnerablePackages ?? [])
    .map(({ name, version, fixedInVersion }) =>
      [
        name,
        version,
        fixedInVersion === 'NotAvailable' ? '(no fix)' : `(fixed in ${fixedInVersion})`,
      ].join(' '),
    )
    .join(', ');
