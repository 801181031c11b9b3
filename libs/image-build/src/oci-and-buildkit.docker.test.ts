import { tmpdir } from 'node:os';
import fc from 'fast-check';
import pMap from 'p-map';
import {
  dockerfileOf,
  type Feature,
  features,
  type GeneratedStage,
  refusedStagesOn,
  stagesOn,
} from '../test/dockerfile-generator';
import { type Outcome, ReferenceBuild, type Refusal } from '../test/reference-build';

jest.setTimeout(900_000);

const STAGES_PER_BASE = 110;
const REFUSED_PER_BASE = 40;
const SEED = Number(process.env['DIFFERENTIAL_SEED'] ?? Date.now() % 2 ** 31);

type Verdict = 'equal' | 'unsupported' | 'refused by both' | 'different';

let builds: ReferenceBuild;
const bases = new Map<string, string>();
let known: ReadonlySet<Feature>;

beforeAll(async () => {
  builds = await ReferenceBuild.create(tmpdir());
  const plain = await builds.importBase('plain', []);
  const configured = await builds.importBase('configured', [
    'WORKDIR /base',
    'ENV PATH=/base/bin:/bin',
    'ENV NODE_VERSION=26.0.0',
    'ENV A="from the base"',
    'ENTRYPOINT ["/entry"]',
    'CMD ["argument"]',
    'USER node',
    'VOLUME /data',
    'EXPOSE 80',
    'LABEL of=base',
  ]);
  const shell = await builds.buildBase(
    'shell',
    `FROM ${configured}\nSHELL ["/bin/bash", "-c"]\nHEALTHCHECK CMD base\nSTOPSIGNAL SIGINT\n`,
  );
  const triggers = await builds.commitBase('triggers', shell, [
    'ONBUILD ENV TRIGGERED=$A',
    'ONBUILD COPY --chown=node a.txt ./onbuild/',
    'ONBUILD WORKDIR built',
    'ONBUILD ARG A=argument',
  ]);
  bases
    .set('imported', plain)
    .set('with a config', configured)
    .set('with SHELL', shell)
    .set('with ONBUILD', triggers);
  const found = Object.entries(features) as [Feature, string][];
  const accepted: Feature[] = [];
  for (const [feature, lines] of found) if (await builds.accepts(lines)) accepted.push(feature);
  known = new Set(accepted);
});
afterAll(() => builds.close());

const isRefusal = (result: Outcome | Refusal): result is Refusal => 'code' in result;

async function compare(stage: GeneratedStage): Promise<{ verdict: Verdict; detail: string }> {
  const dockerfile = dockerfileOf(stage);
  const [reference, own] = [await builds.reference(dockerfile), await builds.own(dockerfile)];
  const detail = `${stage.base}\n${stage.lines.join('\n')}`;
  if (isRefusal(own) && own.code === 'unsupported')
    return { verdict: 'unsupported', detail: own.message };
  if (isRefusal(own) || isRefusal(reference)) {
    const verdict = isRefusal(own) && isRefusal(reference) ? 'refused by both' : 'different';
    const why = [reference, own].map((result) =>
      isRefusal(result) ? result.message.slice(-300) : 'built',
    );
    return { verdict, detail: `${detail}\nBuildKit: ${why[0]}\noci: ${why[1]}` };
  }
  const differences = differencesOf(reference, own);
  if (differences.length === 0) return { verdict: 'equal', detail };
  return { verdict: 'different', detail: `${detail}\n${differences.join('\n')}` };
}

function differencesOf(reference: Outcome, own: Outcome): string[] {
  const configs = [reference, own].map(({ config }) => JSON.stringify(config));
  const names = new Set([...reference.contents.keys(), ...own.contents.keys()]);
  const files = [...names].filter(
    (name) => reference.contents.get(name) !== own.contents.get(name),
  );
  return [
    ...(configs[0] === configs[1] ? [] : [`BuildKit: ${configs[0]}\noci: ${configs[1]}`]),
    ...files.map(
      (name) => `${name}: BuildKit ${reference.contents.get(name)}, oci ${own.contents.get(name)}`,
    ),
  ];
}

async function verdictsOn(stages: readonly GeneratedStage[]) {
  return pMap(stages, compare, { concurrency: 2 });
}

it('builds the same images as BuildKit, or states that it does not support a Dockerfile', async () => {
  const rows = [];
  const different: string[] = [];
  for (const [title, base] of bases) {
    const has = (feature: Feature) => known.has(feature);
    const sample = { numRuns: STAGES_PER_BASE, seed: SEED };
    const results = await verdictsOn(fc.sample(stagesOn(base, has), sample));
    const count = (verdict: Verdict) =>
      results.filter((result) => result.verdict === verdict).length;
    different.push(
      ...results.filter(({ verdict }) => verdict === 'different').map(({ detail }) => detail),
    );
    const reasons = results
      .filter(({ verdict }) => verdict === 'unsupported')
      .map(({ detail }) => detail);
    // Only what runs a program is unsupported.
    expect(reasons.filter((reason) => !/: RUN: |ONBUILD RUN/.test(reason))).toEqual([]);
    expect(count('unsupported')).toBeLessThanOrEqual(STAGES_PER_BASE * 0.15);
    expect(count('equal')).toBeGreaterThan(STAGES_PER_BASE / 2);
    rows.push([
      title,
      count('equal'),
      count('unsupported'),
      count('refused by both'),
      count('different'),
    ]);
  }
  const header = ['base', 'equal', 'unsupported', 'refused by both', 'different'];
  const lines = [header, ...rows].map((row) => `| ${row.join(' | ')} |`);
  process.stdout.write(
    `\nStages of the oci engine beside BuildKit, seed ${SEED}, with ${[...known].join(', ') || 'no newer syntax'}:\n` +
      `${[lines[0], '| - | - | - | - | - |', ...lines.slice(1)].join('\n')}\n`,
  );
  expect(different).toEqual([]);
});

it('refuses the stages that BuildKit refuses', async () => {
  const differences: string[] = [];
  for (const base of bases.values()) {
    const sample = { numRuns: REFUSED_PER_BASE, seed: SEED };
    for (const { verdict, detail } of await verdictsOn(fc.sample(refusedStagesOn(base), sample))) {
      if (verdict !== 'refused by both') differences.push(`${verdict}: ${detail}`);
    }
  }
  expect(differences).toEqual([]);
});
