import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { EcrImageScans } from './ecr-image-scans';

process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

let server: Server;
let answer: (request: Record<string, unknown>) => readonly [status: number, body: unknown];

/** ECR's JSON protocol, as far as DescribeImageScanFindings goes. */
beforeEach(async () => {
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    expect(request.headers['x-amz-target']).toMatch(/\.DescribeImageScanFindings$/);
    const [status, body] = answer(JSON.parse(Buffer.concat(chunks).toString()));
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const scan = () =>
  new EcrImageScans(
    {
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    },
    { project: 'app', environment: 'dev' },
  ).of('team/app', `sha256:${'a'.repeat(64)}`);

const status = (name: string, rest: object = {}) =>
  [200, { imageScanStatus: { status: name }, ...rest }] as const;

it('reads the findings of every page of a basic scan', async () => {
  const finding = (name: string) => ({
    name,
    severity: 'HIGH',
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
      name,
      severity: 'HIGH',
      where: 'openssl 1.1.1',
    })),
  });
});

it('reads the findings of an enhanced scan, which stays active', async () => {
  const enhancedFindings = [
    {
      title: 'CVE-3 - zlib',
      severity: 'CRITICAL',
      packageVulnerabilityDetails: {
        vulnerabilityId: 'CVE-3',
        vulnerablePackages: [{ name: 'zlib', version: '1.3' }],
      },
    },
  ];
  answer = () => status('ACTIVE', { imageScanFindings: { enhancedFindings } });
  expect(await scan()).toEqual({
    status: 'complete',
    findings: [{ name: 'CVE-3', severity: 'CRITICAL', where: 'zlib 1.3' }],
  });
});

it.each(['IN_PROGRESS', 'PENDING'])(
  'takes %s for a scan that is to be waited for',
  async (name) => {
    answer = () => status(name);
    expect(await scan()).toEqual({ status: 'pending' });
  },
);

it('waits where no scan is known yet', async () => {
  answer = () => [400, { __type: 'ScanNotFoundException', message: 'no scan' }];
  expect(await scan()).toEqual({ status: 'pending' });
});

it('tells why a scan failed', async () => {
  answer = () => [
    200,
    { imageScanStatus: { status: 'UNSUPPORTED_IMAGE', description: 'The operating system' } },
  ];
  expect(await scan()).toEqual({
    status: 'failed',
    reason: 'UNSUPPORTED_IMAGE: The operating system',
  });
});

it('says of a registry that does not scan that it does not', async () => {
  answer = () => [400, { __type: 'UnknownOperationException', message: 'not here' }];
  await expect(scan()).rejects.toMatchObject({ code: 'SCAN_UNSUPPORTED' });
});

it('says of a repository that is not there how to make it', async () => {
  answer = () => [400, { __type: 'RepositoryNotFoundException', message: 'none' }];
  await expect(scan()).rejects.toMatchObject({
    code: 'REPOSITORY_MISSING',
    message: expect.stringContaining('nx run app:provision -c dev'),
  });
});
