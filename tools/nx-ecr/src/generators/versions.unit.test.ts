import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { versions } from './versions';

const workspaceRoot = join(__dirname, '../../../..');
const { packages } = JSON.parse(readFileSync(join(workspaceRoot, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, { version: string }>;
};

it.each(Object.entries(versions))(
  '%s %s is the version that this workspace has',
  (name, version) => {
    expect(packages[`node_modules/${name}`]?.version).toBe(version);
  },
);
