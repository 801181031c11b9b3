import * as z from 'zod';
import { flag, registryEnvironment, reportingOptions } from '../shared-options';

export const costOptions = reportingOptions(
  'cost',
  'Estimates the monthly storage cost of the images in a registry. A layer that images of a repository share counts once.',
  {
    environment: registryEnvironment,
    price: z
      .number()
      .positive()
      .meta({ description: 'Storage price in USD per GB and month. Default: 0.10.' })
      .optional(),
    budget: z
      .number()
      .min(0)
      .meta({
        description:
          'Budget in USD per month. Default: the budget that the stacks of the environment declare, else 5.',
      })
      .optional(),
    failOverBudget: flag('Fail if the images cost more than the budget. Default: off.'),
    images: z
      .int()
      .min(0)
      .meta({
        description:
          'Number of images in the table, most expensive first; the JSON lists all of them. Default: 10.',
      })
      .default(10),
  },
);

export type CostOptions = z.infer<typeof costOptions>;
