import { z } from 'zod';
import { accountSettings, isAccountSetting } from '../account-settings';
import { type EcrService } from '../ecr-service';
import { invalidParameter } from '../refusals';
import { type Registry } from '../registry';
import { operation } from '../requests';

export function accountOperations({
  settings,
}: Registry): Pick<EcrService, 'getAccountSetting' | 'putAccountSetting'> {
  return {
    getAccountSetting: operation(z.strictObject({ name: z.string() }), ({ name }) => {
      const known = checkedName(name);
      return { name, value: settings.get(known) };
    }),
    putAccountSetting: operation(
      z.strictObject({ name: z.string(), value: z.string() }),
      async ({ name, value }) => {
        const known = checkedName(name);
        const values: readonly string[] = accountSettings[known];
        if (!values.includes(value)) {
          throw invalidParameter('value', `must be ${values.join(' or ')} for ${name}`);
        }
        await settings.put(known, value);
        return { name, value };
      },
    ),
  };
}

function checkedName(name: string) {
  if (isAccountSetting(name)) return name;
  throw invalidParameter('name', `must be one of ${Object.keys(accountSettings).join(', ')}`);
}
