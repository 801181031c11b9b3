import { type Measured } from './measure';
import { beyondNxStart, describe as describeFigures, ratios, summarize } from './report';

const round = (wall: number, sent: number): Measured => ({
  wall,
  cpu: wall / 2,
  dockerCpu: null,
  sent,
  steps: [
    { label: 'build', seconds: wall - 1 },
    { label: 'push', seconds: 1 },
  ],
});

it('summarizes rounds by the median of each figure', () => {
  expect(summarize([round(9, 1), round(2, 3), round(3, 2)])).toEqual({
    wall: 3,
    cpu: 1.5,
    dockerCpu: null,
    sent: 2,
  });
});

it('prints one table for a phase, with the time of each step', () => {
  const rounds = [round(3, 52_000_000)];
  const text = describeFigures(
    [
      {
        way: 'ours',
        phases: { 'first build': rounds, 'code change': rounds, 'no change': rounds },
      },
    ],
    [],
  );
  expect(text.split('\n')[0]).toMatch(/^first build +wall +CPU +dockerd +sent/);
  expect(text).toMatch(/^ours +3\.00 s +1\.50 s +- +52\.0 MB +build 2\.0, push 1\.0$/m);
  expect(text).not.toContain('of N changed');
});

it('divides each round by the same round of the checkout beside', () => {
  const phases = (...walls: number[]) => {
    const rounds = walls.map((wall) => round(wall, 1));
    return { 'first build': rounds, 'code change': rounds, 'no change': rounds };
  };
  const figures = [
    { way: 'ours', phases: phases(3, 2, 9) },
    { way: 'ours, beside', phases: phases(2, 4, 6) },
    { way: 'another', phases: phases(1, 1, 1) },
  ];
  const [first, ...others] = ratios(figures);
  expect(first).toEqual({
    way: 'ours',
    phase: 'first build',
    wall: [1.5, 0.5, 1.5],
    cpu: [1.5, 0.5, 1.5],
  });
  expect(others.map(({ phase }) => phase)).toEqual(['code change', 'no change']);
  expect(describeFigures(figures, [])).toMatch(
    /^times that of beside +wall +CPU +wall of each round\nfirst build: ours +1\.50 +1\.50 +1\.50 0\.50 1\.50$/m,
  );
});

it('subtracts the start of Nx from each round of ours, and from no other way', () => {
  const phases = (...walls: number[]) => {
    const rounds = walls.map((wall) => round(wall, 1));
    return { 'first build': rounds, 'code change': rounds, 'no change': rounds };
  };
  const figures = [
    { way: 'ours, oci', phases: phases(3, 9, 4) },
    { way: "Nx's start", phases: phases(1, 2, 3) },
    { way: 'another', phases: phases(1, 1, 1) },
  ];
  expect(beyondNxStart(figures)).toEqual(
    ['first build', 'code change', 'no change'].map((phase) => ({
      way: 'ours, oci',
      phase,
      wall: 2,
      cpu: 1,
    })),
  );
  expect(describeFigures(figures, [])).toMatch(/^first build: ours, oci +2\.00 s +1\.00 s$/m);
  expect(beyondNxStart(figures.slice(0, 1))).toEqual([]);
});
