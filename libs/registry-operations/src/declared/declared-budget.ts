import { z } from 'zod';
import { type SynthesizedStack } from './read-assembly';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-budgets-budget.html */
const budgetSchema = z.looseObject({
  Budget: z.looseObject({
    TimeUnit: z.literal('MONTHLY'),
    BudgetLimit: z.looseObject({ Amount: z.coerce.number(), Unit: z.literal('USD') }),
  }),
});

/** USD a month that the stacks allow; undefined where they declare no monthly budget. */
export function declaredBudget(stacks: readonly SynthesizedStack[]): number | undefined {
  return stacks
    .flatMap(({ template }) => Object.values(template.Resources))
    .filter(({ Type }) => Type === 'AWS::Budgets::Budget')
    .map(({ Properties }) => budgetSchema.safeParse(Properties).data?.Budget.BudgetLimit.Amount)
    .find((amount) => amount !== undefined);
}
