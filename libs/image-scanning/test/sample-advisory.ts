/** An advisory as osv.dev writes one. */
export interface SampleAdvisory {
  readonly id: string;
  readonly ecosystem: string;
  readonly package: string;
  readonly events?: readonly Readonly<Record<string, string>>[];
  readonly further?: Readonly<Record<string, unknown>>;
  /** Further fields of the affected package. */
  readonly affected?: Readonly<Record<string, unknown>>;
}

export const sampleAdvisory = (sample: SampleAdvisory) => ({
  schema_version: '1.7.0',
  id: sample.id,
  published: '2026-01-01T00:00:00Z',
  modified: '2026-01-02T00:00:00Z',
  details: `A fault of ${sample.package}.`,
  affected: [
    {
      package: { ecosystem: sample.ecosystem, name: sample.package },
      ranges: [
        {
          type: sample.ecosystem === 'npm' ? 'SEMVER' : 'ECOSYSTEM',
          events: sample.events ?? [{ introduced: '0' }],
        },
      ],
      ...sample.affected,
    },
  ],
  references: [{ type: 'WEB', url: `https://advisories.example/${sample.id}` }],
  ...sample.further,
});
