import * as z from 'zod';
import { type Environment, environments } from './environment';

/** `scan`: the registry's scan has no finding that `scan` of `image.json` blocks. */
const gateNames = ['scan'] as const;

export type GateName = (typeof gateNames)[number];

const gatesRule = `a list of gates (${gateNames.join(', ')}), each once`;

const gates = z
  .array(z.enum(gateNames, gatesRule), gatesRule)
  .refine((list) => new Set(list).size === list.length, gatesRule)
  .meta({ uniqueItems: true })
  .optional();

/** `gates` in `registry.json`: what an image has to pass in an environment before moving tags point to it. */
export const gatesSchema = z.strictObject(
  Object.fromEntries(environments.map((environment) => [environment, gates])) as Record<
    Environment,
    typeof gates
  >,
  'a JSON object',
);
