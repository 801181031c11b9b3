/** A scan that has no findings and will not have any by itself. */
export interface FailedScan {
  /** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageScanStatus.html */
  readonly status: string;
  readonly description?: string | undefined;
}

/** What helps against a failed scan of an image. */
export function scanRemedy(
  { status, description = '' }: FailedScan,
  { repository, digest }: { readonly repository: string; readonly digest: string },
): string {
  const image = `--repository-name ${repository} --image-id imageDigest=${digest}`;
  const unsupported =
    'use a base image of an operating system that the registry can scan, or turn on enhanced scanning.';
  if (description.startsWith('UnsupportedImageError')) return unsupported;
  switch (status) {
    case 'UNSUPPORTED_IMAGE':
      return unsupported;
    case 'SCAN_ELIGIBILITY_EXPIRED':
      return 'push the image again, or extend the duration of re-scans in Amazon Inspector.';
    case 'FINDINGS_UNAVAILABLE':
      return 'run this again later.';
    case 'LIMIT_EXCEEDED':
      return 'run this again when the quota of scans permits it: 24 hours after the last scan.';
    case 'IMAGE_ARCHIVED':
      return `restore the image: aws ecr update-image-storage-class ${image} --target-storage-class STANDARD`;
    default:
      return `start another scan: aws ecr start-image-scan ${image}`;
  }
}
