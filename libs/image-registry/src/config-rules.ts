import * as z from 'zod';
import { type Environment, environments } from './environment';

/** What the message of a section says that it must be. */
export const objectRule = 'a JSON object';

/** A section with one field for each environment. */
export const perEnvironment = <T extends z.ZodType>(field: T) =>
  z.strictObject(
    Object.fromEntries(environments.map((environment) => [environment, field])) as Record<
      Environment,
      T
    >,
    objectRule,
  );

/** Whether no entry of a list occurs twice. */
export const eachOnce = (list: readonly unknown[]): boolean =>
  new Set(list.map((one) => JSON.stringify(one))).size === list.length;

/** A path of a URL without a query. */
export const urlPath = (rule: string) => z.string(rule).regex(/^\/[^\s?#]*$/, rule);
