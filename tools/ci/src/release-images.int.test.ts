import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Sandbox } from '../test/sandbox';

const script = path.join(__dirname, '../release-images.sh');
const digestOf = (digit: string) => `sha256:${digit.repeat(64)}`;

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await Sandbox.create();
  await sandbox.program('npx', 'exit 0');
});
afterEach(() => sandbox.remove());

async function delivered(
  pushed: Readonly<Record<string, string>>,
  { folder = 'dist/delivery', unaffected = [] as readonly string[] } = {},
): Promise<void> {
  const write = async (file: string, content: string) => {
    const to = path.join(sandbox.work, folder, file);
    await mkdir(path.dirname(to), { recursive: true });
    await writeFile(to, content);
  };
  await write('summary.md', '');
  for (const [service, digest] of Object.entries(pushed)) {
    await write(`${service}/push.json`, JSON.stringify({ service, digest }));
  }
  for (const service of unaffected) await write(`${service}/imagedefinitions.json`, '[]');
}

const run = (env: Readonly<Record<string, string>> = {}) =>
  sandbox.run(script, [], { ENVIRONMENT: 'prod', ...env });
const promotion = (service: string, digest: string) =>
  `nx run ${service}:docker-promote --from=prod --to=prod --digest=${digest} --yes --output-style=static`;

describe('release-images.sh', () => {
  it('moves the tags of the environment to each image that was pushed, by its digest', async () => {
    await delivered({ 'game-service': digestOf('1'), 'record-service': digestOf('2') });
    expect(await run()).toMatchObject({ code: 0 });
    expect(await sandbox.calls('npx')).toEqual([
      promotion('game-service', digestOf('1')),
      promotion('record-service', digestOf('2')),
    ]);
  });

  it('leaves the tags of a service that is not affected', async () => {
    await delivered({ 'game-service': digestOf('1') }, { unaffected: ['record-service'] });
    await run();
    expect(await sandbox.calls('npx')).toEqual([promotion('game-service', digestOf('1'))]);
  });

  it('moves nothing if nothing was pushed', async () => {
    await delivered({});
    expect(await run()).toMatchObject({ code: 0 });
    expect(await sandbox.calls('npx')).toEqual([]);
  });

  it('ends at the first image that is refused', async () => {
    await delivered({ 'game-service': digestOf('1'), 'record-service': digestOf('2') });
    await sandbox.program('npx', 'exit 1');
    expect(await run()).toMatchObject({ code: 1 });
    expect(await sandbox.calls('npx')).toHaveLength(1);
  });

  it('reads another folder if DELIVERY names it', async () => {
    await delivered({ 'game-service': digestOf('3') }, { folder: 'images' });
    await run({ DELIVERY: path.join(sandbox.work, 'images') });
    expect(await sandbox.calls('npx')).toEqual([promotion('game-service', digestOf('3'))]);
  });

  it('fails without a delivery, and changes nothing', async () => {
    const { code, stderr } = await run();
    expect(code).toBe(1);
    expect(stderr).toContain('dist/delivery is not a delivery. No tag was changed.');
    expect(await sandbox.calls('npx')).toEqual([]);
  });
});
