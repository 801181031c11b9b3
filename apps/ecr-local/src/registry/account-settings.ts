import { z } from 'zod';
import { type DocumentStore, openCollection } from '../storage/document-store';

/**
 * What the account's registry is set to, with the values that ECR takes; the first one is what it starts with.
 * https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutAccountSetting.html
 */
export const accountSettings = {
  BASIC_SCAN_TYPE_VERSION: ['AWS_NATIVE'],
  BLOB_MOUNTING: ['DISABLED', 'ENABLED'],
  REGISTRY_POLICY_SCOPE: ['V2'],
} as const satisfies Record<string, readonly [string, ...string[]]>;

export type AccountSetting = keyof typeof accountSettings;

export const isAccountSetting = (name: string): name is AccountSetting =>
  Object.hasOwn(accountSettings, name);

export interface AccountSettings {
  get(name: AccountSetting): string;
  put(name: AccountSetting, value: string): Promise<void>;
}

/** The settings of each registry. Read once and kept in memory, as the repositories are; a change is written before it is seen. */
export async function openAccountSettings(
  documents: DocumentStore,
): Promise<(registry: string, isOfProcess: boolean) => AccountSettings> {
  const schema = z.object({ value: z.string() });
  const collection = openCollection(documents, 'account-settings', schema);
  const known = new Map<string, string>();
  for (const { key, document } of await collection.list()) known.set(key, document.value);
  return (registry, isOfProcess) => {
    // Earlier versions had one registry, whose settings have no more than their names.
    const keyOf = (name: string) => (isOfProcess ? name : `${registry} ${name}`);
    return {
      get: (name) => known.get(keyOf(name)) ?? accountSettings[name][0],
      put: async (name, value) => {
        await collection.put(keyOf(name), { value });
        known.set(keyOf(name), value);
      },
    };
  };
}
