import { scanRemedy } from './scan-remedy';

const image = { repository: 'team/app', digest: 'sha256:0' };

describe('scanRemedy', () => {
  it.each([
    [
      'FAILED',
      'aws ecr start-image-scan --repository-name team/app --image-id imageDigest=sha256:0',
    ],
    ['UNSUPPORTED_IMAGE', 'use a base image'],
    ['SCAN_ELIGIBILITY_EXPIRED', 'push the image again'],
    ['FINDINGS_UNAVAILABLE', 'run this again later'],
    ['LIMIT_EXCEEDED', '24 hours after the last scan'],
    ['IMAGE_ARCHIVED', 'aws ecr update-image-storage-class'],
  ])('has a fix for %s', (status, fix) => {
    expect(scanRemedy({ status }, image)).toContain(fix);
  });

  it('does not suggest another scan of an operating system that is not supported', () => {
    const description = 'UnsupportedImageError: The operating system is not supported.';
    expect(scanRemedy({ status: 'FAILED', description }, image)).toContain('use a base image');
  });
});
