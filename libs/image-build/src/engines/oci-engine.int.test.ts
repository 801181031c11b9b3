import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describeEngine } from '../../test/engine-conformance';
import { OciEngine } from './oci-engine';

const cacheHome = mkdtempSync(path.join(tmpdir(), 'oci-cache-'));
afterAll(() => rmSync(cacheHome, { recursive: true }));

// The stand-in is packed once.
jest.setTimeout(60_000);

describe('OciEngine', () => {
  describeEngine({ create: () => new OciEngine({ XDG_CACHE_HOME: cacheHome }), cacheHome });
});
