import path from 'node:path';
import { type Bench } from './engine-bench';
import { imagesIn, standInDockerfile } from './engine-workspace';

export function describeMistakes(bench: Bench): void {
  it('refuses a base that is out of reach where no stand-in is allowed', async () => {
    await expect(bench.build({ base: 'auto', allowStandIn: false })).rejects.toMatchObject({
      code: 'BASE_UNAVAILABLE',
      message: expect.stringContaining('registry.invalid'),
    });
  });

  it('names a COPY that finds nothing, and leaves what was built before', async () => {
    const { outDir } = bench.workspace.plan();
    const { digest } = await bench.build({ outDir });
    await bench.workspace.write(
      'Dockerfile',
      standInDockerfile.replaceAll('/service/', '/absent/'),
    );
    await expect(bench.build({ outDir })).rejects.toMatchObject({ code: 'COPY_SOURCE_MISSING' });
    expect(await imagesIn(outDir)).toEqual([digest]);
  });

  it('names a Dockerfile that is not there', async () => {
    await expect(
      bench.build({ dockerfile: path.join(bench.workspace.root, 'None') }),
    ).rejects.toMatchObject({
      code: 'DOCKERFILE_MISSING',
      message: expect.stringContaining('None'),
    });
  });

  it.each([
    ['a FROM of four words', 'FROM a AS b c\n'],
    ['no FROM', 'FRO a\n'],
    ['an unknown instruction', `${standInDockerfile}EXPO 3000\n`],
  ])('refuses a Dockerfile with %s', async (_, text) => {
    await bench.workspace.write('Dockerfile', text);
    await expect(bench.build()).rejects.toMatchObject({ code: 'DOCKERFILE_INVALID' });
  });
}

export function describeWithoutEngine(bench: Bench): void {
  it('says which line it cannot run', async () => {
    await bench.workspace.write('Dockerfile', `${standInDockerfile}RUN true\n`);
    expect(await bench.engine.detect(bench.workspace.plan())).toMatchObject({
      available: false,
      code: 'DOCKERFILE_UNSUPPORTED',
      reason: expect.stringMatching(/Dockerfile:\d+: RUN/),
    });
    await expect(bench.build()).rejects.toMatchObject({ code: 'DOCKERFILE_UNSUPPORTED' });
  });
}
