import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describeEngine } from '../../../test/engine-conformance';
import { removeImages } from '../../../test/remove-images';
import { DOCKER_BUILDERS } from './docker-client';
import { DockerEngine } from './docker-engine';

jest.setTimeout(120_000);

const cacheHome = mkdtempSync(path.join(tmpdir(), 'oci-cache-'));
afterAll(() => rmSync(cacheHome, { recursive: true }));
afterAll(() => removeImages('docker'));

// Each of them has to be there: one that is missing fails.
describe.each(DOCKER_BUILDERS)('the docker engine with %s', (builder) => {
  const variables = { ...process.env, XDG_CACHE_HOME: cacheHome };
  describeEngine({
    create: ({ noCache }) => new DockerEngine(variables, { builder, noCache }),
    cacheHome,
    client: 'docker',
    buildsForOthers: builder !== 'plain',
  });
});
