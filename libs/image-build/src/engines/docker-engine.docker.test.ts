import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describeEngine } from '../../test/engine-conformance';
import { removeImages } from '../../test/engine-workspace';
import { DockerEngine } from './docker-engine';
import { DOCKER_BUILDERS } from './find-docker';

jest.setTimeout(120_000);

const cacheHome = mkdtempSync(path.join(tmpdir(), 'oci-cache-'));
afterAll(() => rmSync(cacheHome, { recursive: true }));
afterAll(() => removeImages('docker'));

// A missing builder fails.
describe.each(DOCKER_BUILDERS)('DockerEngine with %s', (builder) => {
  const variables = { ...process.env, XDG_CACHE_HOME: cacheHome };
  describeEngine({
    create: ({ noCache }) => new DockerEngine(variables, { builder, noCache }),
    cacheHome,
    client: 'docker',
    isMultiPlatform: builder !== 'legacy',
  });
});
