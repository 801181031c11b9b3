import { existsSync } from 'node:fs';
import {
  durationVariable,
  hostVariable,
  logLevelVariable,
  portVariable,
} from '@typerush/service-kit';
import { z } from 'zod';

/** Such as public.ecr.aws=http://127.0.0.1:5000 */
const upstreamPattern =
  /^[a-z0-9.-]{1,253}=https?:\/\/(\[[0-9a-f:]+\]|[A-Za-z0-9.-]{1,253})(:\d{1,5})?$/;

const splitUpstream = (entry: string): [string, string] => {
  const [host = '', address = ''] = entry.split('=');
  return [host, address];
};

const pathVariable = (description: string) =>
  z.string().min(1, 'is empty').optional().describe(description);

const unitBytes = {
  MB: 1000 ** 2,
  GB: 1000 ** 3,
  TB: 1000 ** 4,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  TiB: 1024 ** 4,
} as const;

/** A number of bytes such as 10GB, in the units that docker prints. */
const byteSizeVariable = z
  .string()
  .trim()
  .regex(/^\d{1,6}(\.\d{1,3})?(MB|GB|TB|MiB|GiB|TiB)$/, 'is not a size')
  .transform((text) =>
    Math.floor(
      Number.parseFloat(text) * unitBytes[text.replace(/[\d.]/g, '') as keyof typeof unitBytes],
    ),
  )
  .optional()
  .describe('a size such as 500MB or 10GB, or leave it out: only the disk limits it');

export const ecrLocalConfig = z.object({
  ECR_LOCAL_PORT: portVariable(5100),
  ECR_LOCAL_HOST: hostVariable,
  ECR_LOCAL_DATA: z
    .string()
    .default('.ecr-local')
    .describe('the folder for repositories and images, or leave it out for .ecr-local'),
  ECR_LOCAL_STORAGE: z
    .enum(['folder', 'memory'], 'is not a storage')
    .default('folder')
    .describe('folder or memory, or leave it out for folder'),
  ECR_LOCAL_DISK_LIMIT: byteSizeVariable,
  ECR_LOCAL_TLS_CERT: pathVariable('a file with a certificate in PEM, or leave it out for HTTP'),
  ECR_LOCAL_TLS_KEY: pathVariable('the file of its private key, or leave it out for HTTP'),
  AWS_REGION: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'is not a region')
    .default('ap-southeast-1')
    .describe('an AWS region, or leave it out for ap-southeast-1'),
  ECR_LOCAL_ROLES: pathVariable(
    'the file of users and roles, or leave it out to accept any credentials',
  ),
  ECR_LOCAL_PROTOCOL: z
    .enum(['ecr', 'oci'], 'is not a protocol')
    .default('ecr')
    .describe('ecr or oci, or leave it out for ecr'),
  ECR_LOCAL_IMMUTABLE_REPUSH: z
    .enum(['accept', 'reject'], 'is not an answer')
    .default('accept')
    .describe('accept or reject, or leave it out for accept'),
  ECR_LOCAL_UPSTREAMS: z
    .string()
    .default('')
    .transform((text) => text.split(',').filter((entry) => entry.trim() !== ''))
    .refine((entries) => entries.every((entry) => upstreamPattern.test(entry.trim())), {
      error: 'is not a list of upstreams',
    })
    .transform((entries) => new Map(entries.map((entry) => splitUpstream(entry.trim()))))
    .describe(
      '<host of an upstream>=<http or https address>, separated by commas, or leave it out',
    ),
  ECR_LOCAL_SECRETS: z
    .string()
    .default('')
    .describe('a JSON file of upstream credentials by the ARN of their secret, or leave it out'),
  ECR_LOCAL_ADVISORIES: z
    .string()
    .refine(existsSync, 'does not exist')
    .optional()
    .describe('a folder or archive of OSV advisories, or leave it out: images are not scanned'),
  ECR_LOCAL_EVENTS_WEBHOOK: z
    .url({ protocol: /^https?$/, error: 'is not an address' })
    .optional()
    .describe('an address such as http://127.0.0.1:8080/events, or leave it out'),
  LOG_LEVEL: logLevelVariable,
  SHUTDOWN_DELAY: durationVariable(0),
  SHUTDOWN_LIMIT: durationVariable(10_000, { minMs: 100 }),
});
