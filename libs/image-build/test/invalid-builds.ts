import path from 'node:path';
import { type Bench, imagesIn, standInDockerfile } from './engine-workspace';

export function describeInvalidBuilds(bench: Bench): void {
  it('rejects an unreachable base image if no stand-in is allowed', async () => {
    await expect(bench.build({ base: 'auto', allowStandIn: false })).rejects.toMatchObject({
      code: 'BASE_UNAVAILABLE',
      message: expect.stringContaining('registry.invalid'),
    });
  });

  it('rejects a COPY without a source, and keeps the previous image', async () => {
    const { outDir } = bench.workspace.plan();
    const { digest } = await bench.build({ outDir });
    await bench.workspace.write(
      'Dockerfile',
      standInDockerfile.replaceAll('/service/', '/absent/'),
    );
    await expect(bench.build({ outDir })).rejects.toMatchObject({ code: 'COPY_SOURCE_MISSING' });
    expect(await imagesIn(outDir)).toEqual([digest]);
  });

  it('rejects a missing Dockerfile', async () => {
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
  ])('rejects a Dockerfile with %s', async (_, text) => {
    await bench.workspace.write('Dockerfile', text);
    await expect(bench.build()).rejects.toMatchObject({ code: 'DOCKERFILE_INVALID' });
  });
}

export function describeUnsupportedDockerfile(bench: Bench): void {
  it('is unavailable for a RUN in the final stage, with its line', async () => {
    await bench.workspace.write('Dockerfile', `${standInDockerfile}RUN true\n`);
    expect(await bench.engine.detect(bench.workspace.plan())).toMatchObject({
      available: false,
      code: 'DOCKERFILE_UNSUPPORTED',
      reason: expect.stringMatching(/Dockerfile:\d+: RUN/),
    });
    await expect(bench.build()).rejects.toMatchObject({ code: 'DOCKERFILE_UNSUPPORTED' });
  });
}
