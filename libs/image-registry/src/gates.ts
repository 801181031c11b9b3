import * as z from 'zod';
import { eachOnce, perEnvironment } from './config-rules';

/**
 * `audit`: no advisory affects a package of the bundle; `scan`: the registry's scan has no finding. In both, only findings count
 * that `scan` of `image.json` blocks.
 */
const gateNames = ['audit', 'scan'] as const;

export type GateName = (typeof gateNames)[number];

const gatesRule = `a list of gates (${gateNames.join(', ')}), each once`;

const gates = z
  .array(z.enum(gateNames, gatesRule), gatesRule)
  .refine(eachOnce, gatesRule)
  .meta({ uniqueItems: true })
  .optional();

/** `gates` in `registry.json`: what an image has to pass in an environment: `audit` before it is uploaded, `scan` before moving tags point to it. */
export const gatesSchema = perEnvironment(gates);
