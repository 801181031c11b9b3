import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { apiInputs } from '../../scripts/api-inputs';
import { type LocalServer, startLocalServer } from '../test/local-server';
import { apiOperations, apiShapes, checkText } from './check-input';
import { operations } from './ecr-api';
import { violationsOf } from '../test/violations';

const model = path.join(
  __dirname,
  '../../../../libs/image-registry/test/aws-models/ecr.service-2.json',
);

let server: LocalServer;
beforeAll(async () => {
  server = await startLocalServer();
  await server.ecr.createRepository({ repositoryName: 'team/app' });
});
afterAll(() => server.close());

async function call(operation: string, input: unknown) {
  const response = await fetch(server.url, {
    method: 'POST',
    body: JSON.stringify(input),
    headers: {
      'x-amz-target': `AmazonEC2ContainerRegistry_V20150921.${operation}`,
      authorization: 'AWS4-HMAC-SHA256 Credential=local',
    },
  });
  const { __type: type, message } = (await response.json()) as Record<string, string>;
  return { type, message, status: response.status };
}

describe('ECR’s API model', () => {
  it('is the source of what is checked (else run scripts/write-api-inputs.ts)', () => {
    const current = apiInputs(JSON.parse(readFileSync(model, 'utf8')));
    expect({ operations: apiOperations, shapes: apiShapes }).toEqual(current);
  });

  it('has no operation that is missing here', () => {
    expect(Object.keys(apiOperations).sort()).toEqual(Object.keys(operations).sort());
  });

  const all = Object.keys(apiOperations).map((name) => [name, violationsOf(name)] as const);
  const count = all.reduce((sum, [, violations]) => sum + violations.length, 0);

  it(`has ${count} constraints on inputs, each of which is violated below`, () => {
    expect(count).toBeGreaterThan(600);
  });

  const patterns = Object.entries(apiShapes).filter(([, { pattern }]) => pattern !== undefined);

  it.each(patterns.map(([name]) => name))('has a %s that no text takes long to check', (name) => {
    const { max = 1000 } = apiShapes[name] ?? {};
    for (const part of ['a', 'a-', 'a_', 'a/', 'a.', '-', '*', 'a*', 'arn:aws-a']) {
      const text = `${part.repeat(max).slice(0, max - 1)}!`;
      const start = performance.now();
      expect(() => checkText(apiShapes[name] ?? { type: 'string' }, text, name)).toThrow(name);
      expect(performance.now() - start).toBeLessThan(200);
    }
  });

  it('is equal to what replaces its slow pattern', () => {
    const { pattern = '' } = apiShapes['ScanningRepositoryFilterValue'] ?? {};
    const texts = fc.string({ unit: fc.constantFrom(...'a*.-/_!'), minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(texts, (text) => {
        const check = () => checkText({ type: 'string', pattern }, text, 'filter');
        if (new RegExp(pattern).test(text)) check();
        else expect(check).toThrow('must satisfy regular expression');
      }),
      { numRuns: 1000 },
    );
  });

  it.each(all)('%s refuses what its input must not be', async (name, violations) => {
    const accepted: string[] = [];
    for (const { constraint, input, error } of violations) {
      const { type, message, status } = await call(name, input);
      if (type === error && status === 400) continue;
      accepted.push(`${constraint}: ${status} ${type} ${message}`);
    }
    expect(accepted).toEqual([]);
  });
});
