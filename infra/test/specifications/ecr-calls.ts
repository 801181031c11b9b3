import { readFileSync } from 'node:fs';
import { readdirSync } from 'node:fs';
import path from 'node:path';

const libraries = path.join(__dirname, '../../../libs');

/** The operations of ECR that the libraries of the pipeline call by its SDK, as actions of IAM. */
export function calledEcrActions(): string[] {
  const sources = readdirSync(libraries, { recursive: true, encoding: 'utf8' })
    .filter((file) => /^[^/]+\/src\/.*\.ts$/.test(file) && !file.endsWith('.test.ts'))
    .map((file) => readFileSync(path.join(libraries, file), 'utf8'))
    .filter((text) => text.includes("from '@aws-sdk/client-ecr'"));
  const operations = sources.flatMap((text) => [
    ...[...text.matchAll(/\bnew (\w+)Command\(/g)].map(([, name]) => name),
    ...[...text.matchAll(/\bpaginate(\w+)\(/g)].map(([, name]) => name),
  ]);
  return [...new Set(operations)].map((name) => `ecr:${name}`).sort();
}
