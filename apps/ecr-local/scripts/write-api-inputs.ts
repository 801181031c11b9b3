// npx tsx apps/ecr-local/scripts/write-api-inputs.ts: after a change of ECR's API model, which the tests keep.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { apiInputs } from './api-inputs';

const model = path.join(
  __dirname,
  '../../../libs/image-registry/test/aws-models/ecr.service-2.json',
);
const inputs = apiInputs(JSON.parse(readFileSync(model, 'utf8')));
writeFileSync(
  path.join(__dirname, '../src/ecr-api/aws-models/ecr-inputs.json'),
  `${JSON.stringify(inputs)}\n`,
);
