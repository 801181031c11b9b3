import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseRegistryConfig, RegistryConfigError } from './index';

describe('registry.json', () => {
  it('of this workspace is valid', () => {
    const text = readFileSync(join(__dirname, '../../../registry.json'), 'utf8');
    expect(parseRegistryConfig(text)).toMatchObject({ namespace: 'typerush', naming: 'shared' });
  });

  it('with wrong fields is refused by name, with what is allowed', () => {
    const read = () => parseRegistryConfig('{"namespace":"TypeRush","nameing":"shared"}');
    expect(read).toThrow(RegistryConfigError);
    expect(read).toThrow(/^registry\.json is not valid:\n/);
    expect(read).toThrow('namespace: must be lower-case letters and digits');
    expect(read).toThrow('naming: is missing: it must be one of shared, per-environment');
    expect(read).toThrow('nameing: is not a known field. Did you mean "naming"?');
  });
});
