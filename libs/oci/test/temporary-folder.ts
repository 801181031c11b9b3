import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/** A folder for the tests of one file, removed after them. */
export function temporaryFolder(): () => string {
  let dir = '';
  beforeAll(async () => {
    dir = await mkdtemp(path.join(os.tmpdir(), 'oci-'));
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));
  return () => dir;
}
