import * as z from 'zod';

/** https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md */
const statementSchema = z.looseObject({
  _type: z.enum(['https://in-toto.io/Statement/v1', 'https://in-toto.io/Statement/v0.1']),
  subject: z.array(z.looseObject({ digest: z.record(z.string(), z.string()) })).min(1),
  predicateType: z.string().min(1),
  predicate: z.unknown(),
});

export type Statement = z.infer<typeof statementSchema>;

export const provenanceType = 'https://slsa.dev/provenance/v1';

const uri = z.string().regex(/^[a-z][a-z0-9+.-]*:\S+$/i, 'expected a URI');
const time = z.iso.datetime({ offset: true });
const digests = z.record(z.string().min(1), z.string().regex(/^[0-9A-Za-z+/=_-]+$/));

/** Has a URI, a digest or content, at least one. https://github.com/in-toto/attestation/blob/main/spec/v1/resource_descriptor.md */
const resource = z.looseObject({
  name: z.string().optional(),
  uri: z.string().optional(),
  digest: digests.optional(),
  content: z.string().optional(),
  downloadLocation: z.string().optional(),
  mediaType: z.string().optional(),
  annotations: z.record(z.string(), z.unknown()).optional(),
});

/** https://slsa.dev/spec/v1.0/provenance#schema; unknown fields are permitted. */
export const provenanceSchema = z.looseObject({
  buildDefinition: z.looseObject({
    buildType: uri,
    externalParameters: z.record(z.string(), z.unknown()),
    internalParameters: z.record(z.string(), z.unknown()).optional(),
    resolvedDependencies: z.array(resource).optional(),
  }),
  runDetails: z.looseObject({
    builder: z.looseObject({
      id: uri,
      version: z.record(z.string(), z.string()).optional(),
      builderDependencies: z.array(resource).optional(),
    }),
    metadata: z
      .looseObject({
        invocationId: z.string().optional(),
        startedOn: time.optional(),
        finishedOn: time.optional(),
      })
      .optional(),
    byproducts: z.array(resource).optional(),
  }),
});

/** @throws Error that states what is wrong */
export function parseStatement(payload: Uint8Array): Statement {
  const statement = statementSchema.safeParse(parseJson(payload));
  if (!statement.success) throw new Error('its content is not an in-toto statement');
  const { predicateType, predicate } = statement.data;
  if (predicateType !== provenanceType) return statement.data;
  const provenance = provenanceSchema.safeParse(predicate);
  if (provenance.success) return statement.data;
  const [issue] = provenance.error.issues;
  const field = issue?.path.join('.') ?? '';
  throw new Error(`its provenance is not valid SLSA v1: ${field}: ${issue?.message ?? ''}`);
}

function parseJson(payload: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(payload).toString());
  } catch {
    return undefined;
  }
}
