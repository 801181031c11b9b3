import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type ServiceImage } from '@typerush/pipeline-context';
import { failureOf } from '../../test/push-stage';
import { type AuditServices } from './audit-bundle';
import { auditService } from './audit-service';
import { npmEndpoint } from './npm-endpoint';
import { osvAdvisories } from './osv-advisories';

const minimist = { name: 'minimist', version: '1.2.0' };
const bundled = [{ ...minimist, bytes: 100, modules: ['index.js'] }];

/** As published in OSV; the parts that decide. */
const advisory = {
  id: 'GHSA-xvch-5gv4-984h',
  modified: '2023-02-27T14:47:14Z',
  aliases: ['CVE-2021-44906'],
  severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
  affected: [affected('ECOSYSTEM', '1.0.0', '1.2.6'), affected('ECOSYSTEM', '0', '0.2.4')],
  references: [{ type: 'ADVISORY', url: 'https://nvd.nist.gov/vuln/detail/CVE-2021-44906' }],
};

function affected(type: string, introduced: string, fixed: string) {
  const ranges = [{ type, events: [{ introduced }, { fixed }] }];
  return { package: { ecosystem: 'npm', name: 'minimist' }, ranges };
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'audit-'));
});
afterEach(() => rm(folder, { recursive: true }));

const write = (name: string, content: unknown) =>
  writeFile(path.join(folder, name), JSON.stringify(content));

const service = (scan: ServiceImage['config']['scan'] = {}) =>
  ({ project: 'api', config: { scan } }) as ServiceImage;

/** @param at The day of the audit. */
function audit(
  scan: ServiceImage['config']['scan'] = {},
  services: Partial<AuditServices> = {},
  at = '2026-11-27',
) {
  return auditService(
    service(scan),
    {},
    {
      advisories: osvAdvisories('.', folder),
      bundled: () => Promise.resolve(bundled),
      installed: () => Promise.resolve([]),
      now: () => Date.parse(`${at}T23:59:59Z`),
      ...services,
    },
  );
}

describe('docker-audit with OSV advisories', () => {
  it('names the vulnerability, the fix and the modules that are in the image', async () => {
    await write('a.json', advisory);
    const { passed, text, data } = await audit();
    expect(passed).toBe(false);
    expect(text).toMatch(/api: audit of 1 packages: 1 CRITICAL/);
    expect(text).toMatch(
      /CRITICAL +CVE-2021-44906 +minimist +1\.2\.0 +1\.2\.6 +blocks +index\.js +https:\/\/nvd/,
    );
    expect(data).toMatchObject({
      passed: false,
      packages: 1,
      findings: [{ id: 'CVE-2021-44906', aliases: [advisory.id], modules: ['index.js'] }],
    });
  });

  it.each(['CVE-2021-44906', advisory.id])(
    'allows a finding by its id %s until its last day, and blocks after it',
    async (id) => {
      await write('a.json', advisory);
      const allow = [{ id, reason: 'no untrusted arguments', expires: '2026-11-27' }];
      expect((await audit({ allow }, {}, '2026-11-27')).passed).toBe(true);
      const { passed, text } = await audit({ allow }, {}, '2026-11-28');
      expect(passed).toBe(false);
      expect(text).toMatch(/blocks: was allowed until 2026-11-27/);
      expect(text).toMatch(/expired 1 day ago/);
    },
  );

  it('does not list an allowed finding of the base image as stale', async () => {
    await write('a.json', advisory);
    const allow = [{ id: 'CVE-2026-1', reason: 'of the base image', expires: '2027-01-01' }];
    expect((await audit({ allow })).data).toMatchObject({ allow: [] });
  });

  it('counts only findings from the threshold on', async () => {
    await write('a.json', { ...advisory, severity: [], database_specific: { severity: 'LOW' } });
    expect((await audit()).passed).toBe(true);
    expect((await audit({ threshold: 'LOW' })).passed).toBe(false);
  });

  it('lists an installed package that is not in the image, and does not block it', async () => {
    await write('a.json', advisory);
    const { passed, text, data } = await audit(
      {},
      {
        bundled: () => Promise.resolve([{ name: 'left', version: '1.0.0', bytes: 1, modules: [] }]),
        installed: () => Promise.resolve([minimist]),
      },
    );
    expect(passed).toBe(true);
    expect(text).toMatch(/no module of them is in the image\n[^]*CVE-2021-44906 +minimist/);
    expect(data).toMatchObject({ findings: [], absent: [{ package: 'minimist' }] });
  });

  it('blocks an advisory with an unknown range type, unless it is allowed', async () => {
    await write('a.json', { ...advisory, affected: [affected('CALVER', '0', '9')] });
    const { passed, text } = await audit();
    expect(passed).toBe(false);
    expect(text).toMatch(/UNDECIDED .*blocks: not decided: unknown range type "CALVER"/);
    const allow = [{ id: 'CVE-2021-44906', reason: 'checked by hand', expires: '2027-01-01' }];
    expect((await audit({ allow })).passed).toBe(true);
  });

  it.each<[string, () => Promise<void>, RegExp]>([
    ['there are no advisories of npm', () => Promise.resolve(), /no advisories of npm/],
    [
      'a file is not an advisory',
      async () => {
        await write('a.json', advisory);
        await write('b.json', { id: 7 });
      },
      /1 file is not an advisory: b\.json: id: /,
    ],
    [
      'an archive is damaged',
      () => writeFile(path.join(folder, 'all.zip'), 'PK\u0003\u0004 damaged'),
      /all\.zip cannot be read/,
    ],
    [
      'JSON is nested a million levels deep',
      async () => {
        await write('a.json', advisory);
        await writeFile(path.join(folder, 'b.json'), '['.repeat(1e6) + ']'.repeat(1e6));
      },
      /1 file is not an advisory: b\.json/,
    ],
  ])('fails if %s, and says how to proceed', async (_, prepare, reason) => {
    await prepare();
    const failure = await failureOf(audit());
    expect(failure).toMatchObject({
      code: 'ADVISORIES_INVALID',
      message: expect.stringMatching(reason),
    });
    expect(failure.message).toMatch(/\nFix: .*--advisories/s);
  });

  it('fails if the folder does not exist', async () => {
    const advisories = osvAdvisories('none', folder);
    const failure = await failureOf(audit({}, { advisories }));
    expect(failure).toMatchObject({ code: 'ADVISORIES_INVALID' });
    expect(failure.message).toMatch(/advisories in none: .*ENOENT/);
  });
});

describe("docker-audit with npm's advisory endpoint", () => {
  let server: Server;
  let requests: { url?: string; body: unknown }[];
  let answer: { status: number; body: string };

  beforeEach(async () => {
    requests = [];
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        requests.push({ url: request.url, body: JSON.parse(Buffer.concat(chunks).toString()) });
        response.writeHead(answer.status).end(answer.body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await writeFile(path.join(folder, '.npmrc'), `registry=http://127.0.0.1:${port}/npm/\n`);
    await write('package.json', {});
  });
  afterEach(async () => {
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  });

  const found = (range: string) =>
    JSON.stringify({
      minimist: [
        {
          id: 1097678,
          url: `https://github.com/advisories/${advisory.id}`,
          title: 'Prototype Pollution in minimist',
          severity: 'critical',
          vulnerable_versions: range,
        },
      ],
    });

  const auditOnline = () => {
    const { PATH } = process.env;
    const settings = { workspaceRoot: folder, variables: { PATH, HOME: folder } };
    return audit({}, { advisories: npmEndpoint(settings) });
  };

  it('sends names and versions to the registry of .npmrc', async () => {
    answer = { status: 200, body: found('>=1.0.0 <1.2.6') };
    const { passed, text } = await auditOnline();
    expect(requests).toEqual([
      { url: '/npm/-/npm/v1/security/advisories/bulk', body: { minimist: ['1.2.0'] } },
    ]);
    expect(passed).toBe(false);
    expect(text).toMatch(/CRITICAL +GHSA-xvch-5gv4-984h +minimist +1\.2\.0/);
  });

  it('passes a version outside of the range', async () => {
    answer = { status: 200, body: found('<0.2.4') };
    expect((await auditOnline()).passed).toBe(true);
  });

  it('blocks an advisory whose range is not valid', async () => {
    answer = { status: 200, body: found('whatever it takes') };
    expect((await auditOnline()).text).toMatch(/UNDECIDED .*cannot be compared/);
  });

  it.each<[string, { status: number; body: string }, RegExp]>([
    ['responds with an error', { status: 405, body: '' }, /status 405/],
    ['responds with something else', { status: 200, body: '<html>' }, /JSON/],
    ['responds with another document', { status: 200, body: '{"a":1}' }, /not a list of adv/],
    ['responds without end', { status: 200, body: ' '.repeat(17 * 1024 * 1024) }, /16777216 bytes/],
  ])('fails if the registry %s', async (_, given, reason) => {
    answer = given;
    const failure = await failureOf(auditOnline());
    expect(failure).toMatchObject({
      code: 'ADVISORIES_UNREACHABLE',
      message: expect.stringMatching(reason),
    });
    expect(failure.message).toMatch(/\nFix: try again .*\n.*--advisories=<path>/);
  });

  it('fails if the registry is unreachable, without credentials in the message', async () => {
    const { port } = server.address() as AddressInfo;
    await writeFile(path.join(folder, '.npmrc'), `registry=http://me:secret@127.0.0.1:${port}/\n`);
    await new Promise((resolve) => server.close(resolve));
    const failure = await failureOf(auditOnline());
    expect(failure).toMatchObject({ code: 'ADVISORIES_UNREACHABLE' });
    expect(failure.message).not.toContain('secret');
  });
});
