import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describeEngine } from '../../../test/engine-conformance';
import { OciEngine } from './oci-engine';

const cache = mkdtempSync(path.join(tmpdir(), 'oci-cache-'));
afterAll(() => rmSync(cache, { recursive: true }));

describe('the oci engine', () => {
  describeEngine(() => new OciEngine({ XDG_CACHE_HOME: cache }));
});
