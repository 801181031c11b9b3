import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Sandbox } from '../test/sandbox';

const script = path.join(__dirname, '../verify-on-alpine.sh');
const verify = (engine: string) =>
  `nx run-many -t docker-verify -c local --engine=${engine} --base=registry --runtime=docker --parallel=1 --output-style=static`;

/** Builds two images with the digest in the variable. */
const build = (digest: string) => `
[[ "$*" == *docker-verify* ]] || exit 0
for service in api worker; do
  mkdir -p "dist/images/$service"
  echo '{"repository":"acme/'$service'","digest":"sha256:'${digest}'"}' >"dist/images/$service/build.json"
done`;

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await Sandbox.create();
  await sandbox.program('npx', build('abc'));
  await sandbox.program('docker', `echo 'v26.1.0 | musl'`);
});
afterEach(() => sandbox.remove());

describe('verify-on-alpine.sh', () => {
  it('verifies all images of both engines in Docker, without a stand-in base image', async () => {
    expect(await sandbox.run(script)).toMatchObject({ code: 0 });
    expect((await sandbox.calls('npx')).slice(1)).toEqual([verify('oci'), verify('docker')]);
  });

  it('pins the base image first', async () => {
    await sandbox.run(script);
    expect((await sandbox.calls('npx'))[0]).toBe(
      'nx run-many -t docker-lock --output-style=static',
    );
  });

  it('leaves the pinned base image as it is', async () => {
    await mkdir(path.join(sandbox.work, 'docker'));
    await writeFile(path.join(sandbox.work, 'docker/service.Dockerfile.lock.json'), '{}');
    await sandbox.run(script);
    expect(await sandbox.calls('npx')).toEqual([verify('oci'), verify('docker')]);
  });

  it('prints the digest, Node and the C library of each image, also in the summary of the job', async () => {
    const summary = path.join(sandbox.work, 'summary.md');
    const { stdout } = await sandbox.run(script, [], { GITHUB_STEP_SUMMARY: summary });
    const row = '| worker | sha256:abc | v26.1.0 | musl |';
    expect(stdout).toContain(row);
    expect((await sandbox.run('cat', [summary])).stdout).toContain(row);
    expect(await sandbox.calls('docker')).toEqual([
      expect.stringContaining('--entrypoint node acme/api:build'),
      expect.stringContaining('--entrypoint node acme/worker:build'),
    ]);
  });

  it('fails with both digests if the engines differ', async () => {
    await sandbox.program('npx', build('$calls'));
    const { code, stdout, stderr } = await sandbox.run(script);
    expect(code).toBe(1);
    expect(stdout).toContain('< api acme/api:build sha256:2\n');
    expect(stdout).toContain('> api acme/api:build sha256:3\n');
    expect(stderr).toMatch(/different digests/);
  });

  it('fails if an image is not on musl', async () => {
    await sandbox.program(
      'docker',
      `[ $calls = 1 ] && echo 'v26.1.0 | musl' || echo 'v26.1.0 | glibc'`,
    );
    const { code, stderr } = await sandbox.run(script);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^The C library of worker is not musl/);
  });

  it('stops at an image that fails verification', async () => {
    await sandbox.program('npx', '[[ "$*" != *docker-verify* ]]');
    expect(await sandbox.run(script)).toMatchObject({ code: 1 });
    expect((await sandbox.calls('npx')).slice(1)).toEqual([verify('oci')]);
  });
});
