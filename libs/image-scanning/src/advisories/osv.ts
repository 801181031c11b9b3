import * as z from 'zod';

/** Databases write `null` for absent lists: the schema permits it. */
const list = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);

/** Exactly one of them, but for `limit`, which has had others beside it. */
const eventSchema = z.object({
  introduced: z.string().optional(),
  fixed: z.string().optional(),
  last_affected: z.string().optional(),
  limit: z.string().optional(),
});

const rangeSchema = z.object({ type: z.string(), events: z.array(eventSchema) });

const severitySchema = z.object({ type: z.string(), score: z.string() });

const affectedSchema = z.object({
  package: z.object({ ecosystem: z.string(), name: z.string() }).optional(),
  severity: list(severitySchema),
  ranges: list(rangeSchema),
  versions: list(z.string()),
  ecosystem_specific: z.object({ urgency: z.unknown() }).partial().nullish().catch(undefined),
});

/** The parts of an advisory that decide and describe. https://ossf.github.io/osv-schema/ */
const advisorySchema = z.object({
  id: z.string().min(1),
  modified: z.string(),
  published: z.string().nullish(),
  withdrawn: z.string().nullish(),
  aliases: list(z.string()),
  upstream: list(z.string()),
  summary: z.string().nullish(),
  details: z.string().nullish(),
  severity: list(severitySchema),
  affected: list(affectedSchema),
  references: list(z.object({ type: z.string(), url: z.string() })),
  database_specific: z.object({ severity: z.unknown() }).partial().nullish().catch(undefined),
});

export type Advisory = z.output<typeof advisorySchema>;
export type Affected = Advisory['affected'][number];
export type Range = z.output<typeof rangeSchema>;
export type RangeEvent = z.output<typeof eventSchema>;

/** @returns the advisory, or why the content is not one */
export function parseAdvisory(
  content: unknown,
): { readonly advisory: Advisory } | { readonly problem: string } {
  const { data, error } = advisorySchema.safeParse(content);
  if (data) return { advisory: data };
  const [issue] = error?.issues ?? [];
  return { problem: `${issue?.path.join('.') || 'the content'}: ${issue?.message}` };
}
