import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ecrLocalConfig } from './config';
import { operations } from './ecr-api/ecr-api';

const readme = readFileSync(join(__dirname, '..', 'README.md'), 'utf8');

describe('the README', () => {
  it('lists the ECR operations that are here, and no other', () => {
    const listed = readme.split('## API')[1]?.split('\n## ')[0] ?? '';
    const names = [...listed.matchAll(/`([A-Z][A-Za-z]+)`(?=[,. |])/g)].map(([, name]) => name);
    const documented = names.filter((name) => !name?.endsWith('Exception'));
    expect(documented.sort()).toEqual(Object.keys(operations).sort());
  });

  it('lists the variables of the configuration', () => {
    const variables = [...readme.matchAll(/^\| `([A-Z_]+)`/gm)].map(([, name]) => name);
    expect(variables.sort()).toEqual(Object.keys(ecrLocalConfig.shape).sort());
  });
});
