import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describeEngine } from '../../test/engine-conformance';
import { removeImages } from '../../test/engine-workspace';
import { PodmanEngine } from './podman-engine';

jest.setTimeout(120_000);

const cacheHome = mkdtempSync(path.join(tmpdir(), 'oci-cache-'));
afterAll(() => rmSync(cacheHome, { recursive: true }));
afterAll(() => removeImages('podman'));

describe('PodmanEngine', () => {
  const variables = { ...process.env, XDG_CACHE_HOME: cacheHome };
  describeEngine({
    create: ({ noCache }) => new PodmanEngine(variables, { noCache }),
    cacheHome,
    client: 'podman',
  });
});
