import { tagMutabilities } from '@typerush/image-registry';
import { z } from 'zod';
import { type DocumentStore, openCollection } from '../storage/document-store';
import { createKeyedMutex } from '../storage/keyed-mutex';

const wildcards = z.array(z.object({ filter: z.string(), filterType: z.string() }));

const cacheRuleSchema = z.object({
  ecrRepositoryPrefix: z.string(),
  upstreamRegistryUrl: z.string(),
  upstreamRegistry: z.string(),
  upstreamRepositoryPrefix: z.string().optional(),
  credentialArn: z.string().optional(),
  customRoleArn: z.string().optional(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});

const templateSchema = z.object({
  prefix: z.string(),
  description: z.string().optional(),
  encryptionConfiguration: z
    .object({
      encryptionType: z.enum(['AES256', 'KMS', 'KMS_DSSE']),
      kmsKey: z.string().optional(),
    })
    .optional(),
  resourceTags: z.array(z.object({ Key: z.string(), Value: z.string() })).optional(),
  imageTagMutability: z.enum(tagMutabilities).optional(),
  imageTagMutabilityExclusionFilters: z
    .array(z.object({ filterType: z.literal('WILDCARD'), filter: z.string() }))
    .optional(),
  repositoryPolicy: z.string().optional(),
  lifecyclePolicy: z.string().optional(),
  appliedFor: z.array(z.string()),
  customRoleArn: z.string().optional(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});

/** What belongs to a registry and to no repository. */
const configurationSchema = z.object({
  policy: z.string().optional(),
  scanning: z
    .object({
      scanType: z.enum(['BASIC', 'ENHANCED']),
      rules: z.array(z.object({ scanFrequency: z.string(), repositoryFilters: wildcards })),
    })
    .default({ scanType: 'BASIC', rules: [] }),
  replication: z
    .object({
      rules: z.array(
        z.object({
          destinations: z.array(z.object({ region: z.string(), registryId: z.string() })),
          repositoryFilters: wildcards.optional(),
        }),
      ),
    })
    .default({ rules: [] }),
  signing: z
    .object({
      rules: z.array(
        z.object({ signingProfileArn: z.string(), repositoryFilters: wildcards.optional() }),
      ),
    })
    .optional(),
  cacheRules: z.array(cacheRuleSchema).default([]),
  templates: z.array(templateSchema).default([]),
  pullExclusions: z
    .array(z.object({ principalArn: z.string(), createdAt: z.iso.datetime() }))
    .default([]),
});

export type RegistryConfiguration = Readonly<z.infer<typeof configurationSchema>>;
export type CacheRule = Readonly<z.infer<typeof cacheRuleSchema>>;
export type CreationTemplate = Readonly<z.infer<typeof templateSchema>>;

export interface ConfigurationStore {
  get(): RegistryConfiguration;
  /** The change sees the latest state; if it throws, nothing changes. Durable once resolved. */
  update(
    change: (current: RegistryConfiguration) => Partial<RegistryConfiguration>,
  ): Promise<RegistryConfiguration>;
}

/** The configuration of each registry, by its home. Read once and kept in memory; a change is written before it is seen. */
export async function openConfigurations(
  documents: DocumentStore,
): Promise<(home: string) => ConfigurationStore> {
  const collection = openCollection(documents, 'registry-configuration', configurationSchema);
  const known = new Map<string, RegistryConfiguration>();
  for (const { key, document } of await collection.list()) known.set(key, document);
  const inTurn = createKeyedMutex();
  return (home) => {
    const get = () => known.get(home) ?? configurationSchema.parse({});
    return {
      get,
      update: (change) =>
        inTurn(home, async () => {
          const next = { ...get(), ...change(get()) };
          await collection.put(home, next);
          known.set(home, next);
          return next;
        }),
    };
  };
}
