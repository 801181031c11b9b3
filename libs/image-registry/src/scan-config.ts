import * as z from 'zod';
import { objectRule } from './config-rules';
import { findingSeverities } from './finding-severity';

const severityRule = `one of ${findingSeverities.join(', ')}`;
const idRule = 'the id of a finding, such as "CVE-2026-1234"';
const packageRule = 'the name of a package, such as "openssl"';
const reasonRule = 'the reason why the finding does no harm here';
const dateRule = 'a date, such as "2027-01-31"';
const allowRule = 'a list of allowed findings, each id and package once';

const allowedFindingSchema = z.strictObject(
  {
    id: z
      .string(idRule)
      .regex(/^\S+$/, idRule)
      .describe('As the scan or the audit names it: CVE-..., GHSA-...'),
    package: z
      .string(packageRule)
      .regex(/^\S+$/, packageRule)
      .optional()
      .describe('The package that it is allowed in; without it, in any'),
    reason: z.string(reasonRule).trim().min(1, reasonRule).describe('Why it does no harm here'),
    expires: z.iso
      .date(dateRule)
      .describe('The last day (UTC) on which it is allowed; from then on it counts again'),
  },
  objectRule,
);

/** `scan` in an app's `image.json`: which findings of a registry's scan and of an audit block the image. */
export const scanConfigSchema = z.strictObject(
  {
    threshold: z
      .enum(findingSeverities, severityRule)
      .optional()
      .describe('The minimum severity that blocks the deployment of the image. Default: CRITICAL'),
    allow: z
      .array(allowedFindingSchema, allowRule)
      .refine(eachOnce, allowRule)
      .optional()
      .describe('Findings that are known and do not count for a while'),
  },
  objectRule,
);

/** One finding that does not count until a day. */
export type AllowedFinding = z.infer<typeof allowedFindingSchema>;

function eachOnce(list: readonly AllowedFinding[]): boolean {
  return new Set(list.map(({ id, package: name }) => `${id} ${name ?? ''}`)).size === list.length;
}
