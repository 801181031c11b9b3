import { awsError, type FakeAnswer, FakeEcrApi } from '@typerush/ecr-access/testing';
import { EcrImageScans } from './ecr-image-scans';

let ecr: FakeEcrApi;
let answer: (input: Parameters<FakeAnswer>[1]) => unknown;

beforeEach(async () => {
  ecr = await FakeEcrApi.start((operation, input) => {
    expect(operation).toBe('DescribeImageScanFindings');
    return answer(input);
  });
});
afterEach(() => ecr.stop());

const scan = () =>
  new EcrImageScans(ecr.target, { project: 'app', environment: 'dev' }).of(
    'team/app',
    `sha256:${'a'.repeat(64)}`,
  );

const status = (name: string, rest: object = {}) => ({
  imageScanStatus: { status: name },
  ...rest,
});

describe('EcrImageScans', () => {
  it('reads the findings of every page of a basic scan', async () => {
    const finding = (name: string) => ({
      name,
      severity: 'HIGH',
      uri: `https://cve.example/${name}`,
      attributes: [
        { key: 'package_version', value: '1.1.1' },
        { key: 'package_name', value: 'openssl' },
      ],
    });
    answer = ({ nextToken }) =>
      nextToken
        ? status('COMPLETE', { imageScanFindings: { findings: [finding('CVE-2')] } })
        : status('COMPLETE', {
            imageScanFindings: { findings: [finding('CVE-1')] },
            nextToken: 'more',
          });
    expect(await scan()).toEqual({
      status: 'complete',
      findings: ['CVE-1', 'CVE-2'].map((name) => ({
        id: name,
        severity: 'HIGH',
        package: 'openssl',
        version: '1.1.1',
        link: `https://cve.example/${name}`,
      })),
    });
  });

  it('reads the findings of every page of an enhanced scan, one per package', async () => {
    const finding = (id: string, rest: object = {}) => ({
      title: `${id} - zlib`,
      severity: 'CRITICAL',
      status: 'ACTIVE',
      packageVulnerabilityDetails: {
        vulnerabilityId: id,
        sourceUrl: `https://cve.example/${id}`,
        vulnerablePackages: [
          { name: 'zlib', version: '1.3', fixedInVersion: '1.3.1' },
          { name: 'zlib-dev', version: '1.3', fixedInVersion: 'NotAvailable' },
        ],
      },
      ...rest,
    });
    const page = (...enhancedFindings: object[]) => ({ imageScanFindings: { enhancedFindings } });
    const requested: unknown[] = [];
    answer = ({ nextToken }) => {
      requested.push(nextToken);
      return nextToken
        ? status('ACTIVE', page(finding('CVE-4', { packageVulnerabilityDetails: undefined })))
        : status('ACTIVE', { ...page(finding('CVE-3')), nextToken: 'more' });
    };
    const common = { id: 'CVE-3', severity: 'CRITICAL', link: 'https://cve.example/CVE-3' };
    expect(await scan()).toEqual({
      status: 'complete',
      findings: [
        { ...common, package: 'zlib', version: '1.3', fixedIn: '1.3.1' },
        { ...common, package: 'zlib-dev', version: '1.3' },
        { id: 'CVE-4 - zlib', severity: 'CRITICAL' },
      ],
    });
    expect(requested).toEqual([undefined, 'more']);
  });

  it('omits findings that Inspector has closed, and marks those that it suppresses', async () => {
    const enhancedFindings = [
      { title: 'closed', severity: 'HIGH', status: 'CLOSED' },
      { title: 'quiet', severity: 'HIGH', status: 'SUPPRESSED' },
    ];
    answer = () => status('ACTIVE', { imageScanFindings: { enhancedFindings } });
    expect(await scan()).toEqual({
      status: 'complete',
      findings: [{ id: 'quiet', severity: 'HIGH', suppressed: true }],
    });
  });

  it.each(['IN_PROGRESS', 'PENDING'])('treats the status %s as pending', async (name) => {
    answer = () => status(name);
    expect(await scan()).toEqual({ status: 'pending' });
  });

  it('treats a missing scan as pending', async () => {
    answer = () => awsError('ScanNotFoundException', 'no scan');
    expect(await scan()).toEqual({ status: 'pending' });
  });

  it('returns why a scan failed', async () => {
    answer = () => ({
      imageScanStatus: { status: 'UNSUPPORTED_IMAGE', description: 'The operating system' },
    });
    expect(await scan()).toEqual({
      status: 'failed',
      failure: { status: 'UNSUPPORTED_IMAGE', description: 'The operating system' },
    });
  });

  it('rejects a registry that does not scan', async () => {
    answer = () => awsError('UnknownOperationException', 'not here');
    await expect(scan()).rejects.toMatchObject({ code: 'SCAN_UNSUPPORTED' });
  });

  it('names the command that creates a missing repository', async () => {
    answer = () => awsError('RepositoryNotFoundException', 'none');
    await expect(scan()).rejects.toMatchObject({
      code: 'REPOSITORY_MISSING',
      message: expect.stringContaining('nx run app:provision -c dev'),
    });
  });
});
