import {
  type DescribeImageScanFindingsResponse,
  ECRClient,
  paginateDescribeImageScanFindings,
} from '@aws-sdk/client-ecr';
import { type Environment } from '@typerush/image-registry';
import { PipelineError } from '@typerush/pipeline-context';
import { ecrAddress, explainEcrFailure, type EcrTarget } from '@typerush/ecr-access';
import { ecrFindings } from './ecr-findings';
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
    const pages = paginateDescribeImageScanFindings({ client: this.ecr, pageSize: 1_000 }, image);
    const findings: Finding[] = [];
    try {
      for await (const page of pages) {
        const unfinished = unfinishedScan(page);
        if (unfinished) return unfinished;
        findings.push(...ecrFindings(page.imageScanFindings ?? {}));
      }
      return { status: 'complete', findings };
    } catch (error) {
      // ECR knows of no scan until the one on push has begun.
      if ((error as Error).name === 'ScanNotFoundException') return { status: 'pending' };
      throw await this.explain(error, repository);
    }
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

/** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageScanStatus.html */
function unfinishedScan({
  imageScanStatus,
}: DescribeImageScanFindingsResponse): ImageScan | undefined {
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
