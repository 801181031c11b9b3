import { type Commit, readTag } from '@typerush/image-registry';
import { parseAs } from '@typerush/pipeline-context';
import * as z from 'zod';

/** The commit that an image was built from, and its version. */
export interface ImageOrigin {
  readonly commit: Commit;
  readonly version: string;
}

/** What a repository knows about an image. */
export interface OriginFacts {
  /** Of the attached provenance statements, as JSON. */
  readonly provenance: readonly string[];
  /** Of the attached SBOMs, as JSON. */
  readonly sboms: readonly string[];
  readonly tags: readonly string[];
  /** Of the fixed tags in the environment of the repository. */
  readonly templates: readonly string[];
}

/** The parts of our attestations that are read. Those of another program may have another form. */
const provenanceSchema = z.looseObject({
  predicate: z.looseObject({
    buildDefinition: z.looseObject({
      internalParameters: z.looseObject({ uncommittedChanges: z.boolean().optional() }).optional(),
      resolvedDependencies: z.array(
        z.looseObject({ digest: z.looseObject({ gitCommit: z.string().optional() }).optional() }),
      ),
    }),
  }),
});

const sbomSchema = z.looseObject({
  metadata: z.looseObject({ component: z.looseObject({ version: z.string() }) }),
});

/**
 * The commit is that of the provenance. The provenance is that of the first push: if it had uncommitted changes, and a later
 * commit gave the same image, the tags name that commit. The version is that of the SBOM, or else of a tag.
 */
export function originOf({
  provenance,
  sboms,
  tags,
  templates,
}: OriginFacts): Partial<ImageOrigin> {
  const readings = templates.flatMap((template) =>
    [...tags].sort().flatMap((tag) => readTag(template, tag) ?? []),
  );
  const tagged = readings.flatMap(({ values: { sha, sha7 }, dirty }): Commit[] => {
    const commit = sha ?? sha7;
    return commit ? [{ sha: commit, dirty }] : [];
  });
  const commits = [...provenance.flatMap(commitOf), ...tagged];
  const [version] = [
    ...sboms.flatMap((text) => parseAs(sbomSchema, text)?.metadata.component.version ?? []),
    ...readings.flatMap(({ values }) => values.version ?? []),
  ];
  return { commit: commits.find(({ dirty }) => !dirty) ?? commits[0], version };
}

function commitOf(text: string): Commit[] {
  const { internalParameters, resolvedDependencies = [] } =
    parseAs(provenanceSchema, text)?.predicate.buildDefinition ?? {};
  const dirty = internalParameters?.uncommittedChanges === true;
  return resolvedDependencies.flatMap(({ digest }) =>
    digest?.gitCommit ? [{ sha: digest.gitCommit, dirty }] : [],
  );
}
