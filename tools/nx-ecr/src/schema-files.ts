import * as z from 'zod';
import { imageOptions } from './generators/image/options';
import { infraOptions } from './generators/infra/options';
import { initOptions } from './generators/init/options';
import { serviceOptions } from './generators/service/options';
import { backupOptions } from './targets/backup/options';
import { buildTargetOptions } from './targets/build/options';
import { cdkOptions } from './targets/cdk/options';
import { costOptions } from './targets/cost/options';
import { dockerAuditOptions } from './targets/docker-audit/options';
import { dockerBuildOptions } from './targets/docker-build/options';
import { dockerDiffOptions } from './targets/docker-diff/options';
import { dockerLockOptions } from './targets/docker-lock/options';
import { dockerPromoteOptions } from './targets/docker-promote/options';
import { dockerPushOptions } from './targets/docker-push/options';
import { dockerDeployOptions } from './targets/docker-deploy/options';
import { dockerRollbackOptions } from './targets/docker-rollback/options';
import { dockerScanOptions } from './targets/docker-scan/options';
import { dockerVerifyOptions } from './targets/docker-verify/options';
import { driftOptions } from './targets/drift/options';
import { nxReleasePublishOptions } from './targets/nx-release-publish/options';
import { previewOptions } from './targets/preview/options';
import { restoreOptions } from './targets/restore/options';

const optionSets: Readonly<Record<string, z.ZodObject>> = {
  'generators/image': imageOptions,
  'generators/infra': infraOptions,
  'generators/init': initOptions,
  'generators/service': serviceOptions,
  'targets/backup': backupOptions,
  'targets/build': buildTargetOptions,
  'targets/cdk': cdkOptions,
  'targets/cost': costOptions,
  'targets/docker-audit': dockerAuditOptions,
  'targets/docker-build': dockerBuildOptions,
  'targets/docker-diff': dockerDiffOptions,
  'targets/docker-lock': dockerLockOptions,
  'targets/docker-promote': dockerPromoteOptions,
  'targets/docker-push': dockerPushOptions,
  'targets/docker-deploy': dockerDeployOptions,
  'targets/docker-rollback': dockerRollbackOptions,
  'targets/docker-scan': dockerScanOptions,
  'targets/docker-verify': dockerVerifyOptions,
  'targets/drift': driftOptions,
  'targets/nx-release-publish': nxReleasePublishOptions,
  'targets/preview': previewOptions,
  'targets/restore': restoreOptions,
};

/** The JSON Schema of every executor and generator, by the path of its file in `src/`. */
export const schemaFiles = (): Record<string, object> =>
  Object.fromEntries(
    Object.entries(optionSets).map(([folder, schema]) => [
      `${folder}/schema.json`,
      jsonSchema(schema),
    ]),
  );

function jsonSchema(schema: z.ZodObject): object {
  return z.toJSONSchema(schema, {
    io: 'input',
    target: 'draft-7',
    unrepresentable: 'any',
    override: ({ jsonSchema: json }) => {
      // The bound of an integer that is none for an option.
      if (json.maximum === Number.MAX_SAFE_INTEGER) delete json.maximum;
    },
  });
}
