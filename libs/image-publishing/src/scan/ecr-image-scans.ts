import {
  type DescribeImageScanFindingsResponse,
  ECRClient,
  type EnhancedImageScanFinding,
  type ImageScanFinding,
  type ImageScanFindings,
  paginateDescribeImageScanFindings,
} from '@aws-sdk/client-ecr';
import { ecrAddress, type EcrTarget, explainEcrFailure } from '@typerush/ecr-access';
import { type Environment } from '@typerush/image-registry';
import { PipelineError } from '@typerush/pipeline-context';
import { type Finding } from './evaluate-scan';
import { type ImageScan, type ImageScans } from './scan-image';

/** Scans of Amazon ECR, basic and enhanced. */
export class EcrImageScans implements ImageScans {
  private readonly ecr: ECRClient;

  constructor(
    target: EcrTarget,
    /** Named in messages. */
    private readonly names: { readonly project: string; readonly environment: Environment },
  ) {
    this.ecr = new ECRClient({ ...target });
  }

  async of(repository: string, digest: string): Promise<ImageScan> {
    const image = { repositoryName: repository, imageId: { imageDigest: digest } };
    const pages = paginateDescribeImageScanFindings({ client: this.ecr, pageSize: 1_000 }, image);
    const findings: Finding[] = [];
    try {
      for await (const page of pages) {
        const unfinished = unfinishedScan(page);
        if (unfinished) return unfinished;
        findings.push(...findingsOf(page.imageScanFindings ?? {}));
      }
      return { status: 'complete', findings };
    } catch (error) {
      // ECR has no scan until the one on push has started.
      if ((error as Error).name === 'ScanNotFoundException') return { status: 'pending' };
      throw await this.explain(error, repository);
    }
  }

  private async explain(error: unknown, repository: string): Promise<PipelineError> {
    const where = await ecrAddress(this.ecr);
    if ((error as Error).name === 'UnknownOperationException') {
      return new PipelineError(
        'SCAN_UNSUPPORTED',
        `The registry at ${where} does not scan images; Amazon ECR does.\n` +
          `Fix: scan in another environment than ${this.names.environment}.`,
        { cause: error },
      );
    }
    return explainEcrFailure(error, { where, repository, ...this.names });
  }
}

/** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageScanStatus.html */
function unfinishedScan(page: DescribeImageScanFindingsResponse): ImageScan | undefined {
  const { status = 'PENDING', description } = page.imageScanStatus ?? {};
  // Enhanced scanning stays ACTIVE: it scans again when a new vulnerability becomes known.
  if (status === 'COMPLETE' || status === 'ACTIVE') return undefined;
  if (status === 'PENDING' || status === 'IN_PROGRESS') return { status: 'pending' };
  return { status: 'failed', failure: { status, description } };
}

/**
 * The findings of one page, of ECR's own scan or of Amazon Inspector, one per package.
 * https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageScanFindings.html
 */
function findingsOf({ findings = [], enhancedFindings = [] }: ImageScanFindings): Finding[] {
  return [...findings.map(basicFinding), ...enhancedFindings.flatMap(enhancedFinding)];
}

function basicFinding({ name, severity, uri, attributes = [] }: ImageScanFinding): Finding {
  const attribute = (key: string) => attributes.find((each) => each.key === key)?.value;
  return {
    id: name ?? 'unnamed',
    severity: severity ?? 'UNDEFINED',
    ...known({
      package: attribute('package_name'),
      version: attribute('package_version'),
      link: uri,
    }),
  };
}

function enhancedFinding(finding: EnhancedImageScanFinding): Finding[] {
  const { title, severity, status, packageVulnerabilityDetails: details } = finding;
  if (status === 'CLOSED') return [];
  const vulnerability = {
    id: details?.vulnerabilityId ?? title ?? 'unnamed',
    severity: severity ?? 'UNTRIAGED',
    ...known({ link: details?.sourceUrl }),
    ...(status === 'SUPPRESSED' ? { suppressed: true } : {}),
  };
  const packages = details?.vulnerablePackages ?? [];
  if (packages.length === 0) return [vulnerability];
  return packages.map(({ name, version, fixedInVersion }) => ({
    ...vulnerability,
    ...known({ package: name, version, fixedIn: fixedInVersion }),
  }));
}

type Details = Partial<Pick<Finding, 'package' | 'version' | 'fixedIn' | 'link'>>;

/** Without what is unknown, which Inspector names NotAvailable. */
function known(details: Details): Details {
  return Object.fromEntries(
    Object.entries(details).filter(([, value]) => value && value !== 'NotAvailable'),
  );
}
