import {
  DescribeImageScanFindingsCommand,
  type DescribeImageScanFindingsResponse,
  ECRClient,
  type EnhancedImageScanFinding,
  type ImageScanFinding,
  paginateDescribeImageScanFindings,
} from '@aws-sdk/client-ecr';
import { type Environment } from '@typerush/image-registry';
import { PipelineError } from '../pipeline-error';
import { ecrAddress } from '../registry/ecr-address';
import { explainEcrFailure } from '../registry/ecr-failure';
import { type EcrTarget } from '../registry/ecr-target';
import { type Finding, type ImageScan, type ImageScans } from './image-scans';

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
    try {
      const first = await this.ecr.send(new DescribeImageScanFindingsCommand(image));
      return (await this.unfinished(first)) ?? (await this.complete(image));
    } catch (error) {
      // ECR knows of no scan until the one on push has begun.
      if ((error as Error).name === 'ScanNotFoundException') return { status: 'pending' };
      throw await this.explain(error, repository);
    }
  }

  /** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageScanStatus.html */
  private async unfinished({
    imageScanStatus,
  }: DescribeImageScanFindingsResponse): Promise<ImageScan | undefined> {
    const { status, description } = imageScanStatus ?? {};
    switch (status) {
      // Enhanced scanning stays ACTIVE: it scans again whenever a new weakness becomes known.
      case 'COMPLETE':
      case 'ACTIVE':
        return undefined;
      case 'IN_PROGRESS':
      case 'PENDING':
      case undefined:
        return { status: 'pending' };
      default:
        return { status: 'failed', reason: description ? `${status}: ${description}` : status };
    }
  }

  private async complete(image: {
    repositoryName: string;
    imageId: { imageDigest: string };
  }): Promise<ImageScan> {
    const findings: Finding[] = [];
    const pages = paginateDescribeImageScanFindings({ client: this.ecr, pageSize: 1_000 }, image);
    for await (const { imageScanFindings } of pages) {
      findings.push(
        ...(imageScanFindings?.findings ?? []).map(basicFinding),
        ...(imageScanFindings?.enhancedFindings ?? []).map(enhancedFinding),
      );
    }
    return { status: 'complete', findings };
  }

  private async explain(error: unknown, repository: string): Promise<PipelineError> {
    const where = await ecrAddress(this.ecr);
    if ((error as Error).name === 'UnknownOperationException') {
      return new PipelineError(
        'SCAN_UNSUPPORTED',
        `The registry at ${where} does not scan images; Amazon ECR does. Scan in another environment than ${this.names.environment}.`,
        { cause: error },
      );
    }
    return explainEcrFailure(error, { where, repository, ...this.names });
  }
}

function basicFinding({ name, severity, attributes = [] }: ImageScanFinding): Finding {
  const attribute = (key: string) => attributes.find((each) => each.key === key)?.value ?? '';
  return {
    name: name ?? 'unnamed',
    severity: severity ?? 'UNDEFINED',
    where: [attribute('package_name'), attribute('package_version')].join(' ').trim(),
  };
}

function enhancedFinding(finding: EnhancedImageScanFinding): Finding {
  const { title, severity, packageVulnerabilityDetails: details } = finding;
  const packages = details?.vulnerablePackages ?? [];
  return {
    name: details?.vulnerabilityId ?? title ?? 'unnamed',
    severity: severity ?? 'UNTRIAGED',
    where: packages.map(({ name, version }) => `${name} ${version ?? ''}`.trim()).join(', '),
  };
}
