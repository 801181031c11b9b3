import { AwsApiModel, awsError } from './aws-api-model';

const { ecr } = AwsApiModel;
const image = { imageDigest: 'sha256:1', imageSizeInBytes: 1, imagePushedAt: new Date() };

describe('the model of an API', () => {
  it('accepts what AWS answers', () => {
    const answer = { imageDetails: [image], nextToken: undefined };
    expect(ecr.output('DescribeImages', answer)).toBe(answer);
  });

  it.each([
    ['an unknown member', 'DescribeImages', { images: [] }, 'has no images'],
    [
      'an unknown member inside',
      'DescribeImages',
      { imageDetails: [{ digest: 'x' }] },
      'has no digest',
    ],
    ['a wrong type', 'DescribeImages', { imageDetails: {} }, 'is not a list'],
    [
      'a timestamp that is not a Date',
      'DescribeImages',
      { imageDetails: [{ ...image, imagePushedAt: 1 }] },
      'is not a Date',
    ],
    [
      'a value outside of an enum',
      'DescribeImageScanFindings',
      { imageScanStatus: { status: 'DONE' } },
      'not one of IN_PROGRESS, COMPLETE',
    ],
    [
      'an unknown key of a map',
      'DescribeImageScanFindings',
      { imageScanFindings: { findingSeverityCounts: { SEVERE: 1 } } },
      'the key "SEVERE"',
    ],
    [
      'a number below its minimum',
      'DescribeImageScanFindings',
      { imageScanFindings: { findingSeverityCounts: { LOW: -1 } } },
      'less than 0',
    ],
    [
      'a name that does not match its pattern',
      'DescribeImages',
      { imageDetails: [{ repositoryName: 'A' }] },
      'does not match',
    ],
  ])('rejects %s in an answer', (_, operation, answer, fault) => {
    expect(() => ecr.output(operation, answer)).toThrow(fault);
  });

  it.each([
    [{}, 'repositoryName is missing'],
    [{ repositoryName: 'api', maxResults: 1001 }, 'more than 1000'],
  ])('rejects the request %j', (request, fault) => {
    expect(() => ecr.assertInput('DescribeImages', request)).toThrow(fault);
  });

  it('rejects an operation and an error that the API does not have', () => {
    expect(() => ecr.output('DescribeScans', {})).toThrow('no operation DescribeScans');
    const missing = awsError('ScanNotFoundException', 'none');
    expect(() => ecr.assertError('DescribeImageScanFindings', missing)).not.toThrow();
    expect(() => ecr.assertError('DescribeImages', missing)).toThrow(
      'no error ScanNotFoundException',
    );
  });
});
