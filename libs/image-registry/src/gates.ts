import * as z from 'zod';
import { type Environment, environments } from './environment';

/**
 * `audit`: no advisory affects a package of the bundle; `scan`: the registry's scan has no finding. In both, only findings count
 * that `scan` of `image.json` blocks.
 */
const gateNames = ['audit', 'scan'] as const;

export type GateName = (typeof gateNames)[number];

const gatesRule = `a list of gates (${gateNames.join(', ')}), each once`;

const gates = z
  .array(z.enum(gateNames, gatesRule), gatesRule)
  .refine((list) => new Set(list).size === list.length, gatesRule)
  .meta({ uniqueItems: true })
  .optional();

/** `gates` in `registry.json`: what an image has to pass in an environment: `audit` before it is uploaded, `scan` before moving tags point to it. */
export const gatesSchema = z.strictObject(
  Object.fromEntries(environments.map((environment) => [environment, gates])) as Record<
    Environment,
    typeof gates
  >,
  'a JSON object',
);
