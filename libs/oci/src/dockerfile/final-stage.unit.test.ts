import { DockerfileError } from './dockerfile-error';
import { readFinalStage, type ReadStageOptions } from './final-stage';

const BUILD =
  'ARG IMAGE=node:1\nFROM $IMAGE AS build\nARG DIR=work\nWORKDIR /$DIR\nWORKDIR space\nRUN make\n';

function runtime(lines: string, options?: ReadStageOptions) {
  return readFinalStage(`${BUILD}FROM $IMAGE AS runtime\n${lines}`, options);
}

function errorOf(action: () => unknown): DockerfileError {
  try {
    action();
  } catch (error) {
    if (error instanceof DockerfileError) return error;
    throw error;
  }
  throw new Error('no error');
}

describe('readFinalStage', () => {
  it('the base is the FROM of the final stage, after substitution', () => {
    expect(runtime('').baseReference).toBe('node:1');
    expect(runtime('', { args: { IMAGE: 'node:2@x' } }).baseReference).toBe('node:2@x');
  });

  it('a target chooses another stage, by name or number', () => {
    const text = 'FROM a AS One\nENV X=1\nFROM b\n';
    expect(readFinalStage(text, { target: 'one' }).baseReference).toBe('a');
    expect(readFinalStage(text, { target: '1' }).baseReference).toBe('b');
    expect(errorOf(() => readFinalStage(text, { target: 'two' })).message).toContain('one, 1');
  });

  it('a copy is absolute on both sides, and the folder of its stage is told', () => {
    const stage = runtime(
      'WORKDIR /app\nCOPY --from=build /work/space/dist/ ./\nCOPY --from=0 a /b',
    );
    expect(stage.copies).toEqual([
      expect.objectContaining({
        fromStage: 'build',
        sources: ['/work/space/dist'],
        destination: '/app/',
      }),
      expect.objectContaining({ fromStage: 'build', sources: ['/a'], destination: '/b', line: 10 }),
    ]);
    expect(stage.stageWorkdirs).toEqual({ build: '/work/space' });
  });

  it('owner and mode of a copy are read, as numbers', () => {
    const [copy] = runtime('COPY --from=build --chown=1:2 --chmod=0640 ["a b", "/c"]').copies;
    expect(copy).toMatchObject({ sources: ['/a b'], owner: { uid: 1, gid: 2 }, chmod: 0o640 });
  });

  it('the config holds what the instructions say', () => {
    const { config } = runtime(
      [
        'ARG PORT=3000',
        'ENV A="x y" B=$PORT',
        'ENV A=z C=$A',
        'LABEL one=1 two="a $PORT"',
        'EXPOSE $PORT 53/UDP',
        'WORKDIR /a',
        'WORKDIR b',
        'USER 1000:1000',
        'STOPSIGNAL SIGTERM',
        'ENTRYPOINT ["e"]',
        'CMD echo $PORT',
      ].join('\n'),
    );
    expect(config).toEqual({
      env: { A: 'z', B: '3000', C: 'x y' },
      labels: { one: '1', two: 'a 3000' },
      exposedPorts: ['3000/tcp', '53/udp'],
      workingDir: '/a/b',
      user: '1000:1000',
      stopSignal: 'SIGTERM',
      entrypoint: ['e'],
      cmd: ['/bin/sh', '-c', 'echo $PORT'],
    });
  });

  it('a build argument wins over a default; ENV wins over ARG', () => {
    const lines = 'ARG P=1\nARG Q=1\nENV Q=3\nLABEL p=$P q=$Q';
    expect(runtime(lines, { args: { P: '2', Q: '2' } }).config.labels).toEqual({ p: '2', q: '3' });
  });

  it('a global ARG is seen in a stage only where the stage declares it again', () => {
    expect(runtime('ARG IMAGE\nLABEL i=$IMAGE').config.labels).toEqual({ i: 'node:1' });
    const error = errorOf(() => runtime('LABEL i=$IMAGE'));
    expect(error.message).toBe(
      'Dockerfile:8: LABEL: nothing declares IMAGE here. Add "ARG IMAGE" to this stage, above this line.',
    );
  });

  it('an argument without a value is refused where it is used', () => {
    expect(errorOf(() => runtime('ARG APP\nENV X=$APP')).message).toContain('APP has no value');
    expect(runtime('ARG APP\nENV X=${APP:-y}').config.env).toEqual({ X: 'y' });
  });

  it('a health check keeps its times in nanoseconds', () => {
    const lines =
      'HEALTHCHECK --interval=1m30s --timeout=500ms --start-period=2s --retries=4 CMD ["a", "$B"]';
    expect(runtime(lines).config.healthcheck).toEqual({
      Test: ['CMD', 'a', '$B'],
      Interval: 90e9,
      Timeout: 0.5e9,
      StartPeriod: 2e9,
      Retries: 4,
    });
    expect(runtime('HEALTHCHECK CMD wget x').config.healthcheck).toEqual({
      Test: ['CMD-SHELL', 'wget x'],
    });
    expect(runtime('HEALTHCHECK NONE').config.healthcheck).toEqual({ Test: ['NONE'] });
  });

  it.each([
    ['RUN make', 'RUN'],
    ['ADD x y', 'ADD'],
    ['COPY . .', 'build context'],
    ['COPY --from=nginx a b', '"nginx" is no earlier stage'],
    ['COPY --from=build --link a b', '--link'],
    ['COPY --from=build *.js b', 'pattern'],
    ['COPY --from=build --chown=node a b', '--chown=node'],
    ['VOLUME /x', 'VOLUME'],
    ['ONBUILD RUN x', 'ONBUILD'],
    ['SHELL ["bash"]', 'SHELL'],
    ['HEALTHCHECK --start-interval=1s CMD x', '--start-interval'],
  ])('%s is left to a container engine', (line, told) => {
    const error = errorOf(() => runtime(`WORKDIR /a\n${line}`, { file: 'docker/x.Dockerfile' }));
    expect(error).toMatchObject({ code: 'DOCKERFILE_UNSUPPORTED', at: { line: 9 } });
    expect(error.message).toMatch(/^docker\/x\.Dockerfile:9: /);
    expect(error.message).toContain(told);
    expect(error.message).toContain('--engine=docker');
  });

  it.each([
    ['EXPOSE 70000', 'no port'],
    ['HEALTHCHECK --interval=fast CMD x', 'no duration'],
    ['HEALTHCHECK x', 'HEALTHCHECK CMD'],
    ['COPY --from=build a b c', 'must end in "/"'],
    ['COPY --from=build a', 'at least one source'],
    ['USER', 'no argument'],
    ['LABEL a=${', 'without a name'],
  ])('%s is wrong anywhere', (line, told) => {
    const error = errorOf(() => runtime(line));
    expect(error).toMatchObject({ code: 'DOCKERFILE_INVALID', at: { line: 8 } });
    expect(error.message).toContain(told);
  });

  it.each([
    ['', 'there is none'],
    ['RUN x\nFROM a', 'only ARG'],
    ['FROM a b', 'FROM image'],
    ['ARG X\nFROM $X', 'X has no value'],
  ])('the file %j is refused', (text, told) => {
    expect(errorOf(() => readFinalStage(text)).message).toContain(told);
  });

  it('a stage on top of another, on scratch or of another platform is left to a container engine', () => {
    for (const from of ['build', 'scratch', '--platform=linux/arm64 a']) {
      expect(errorOf(() => readFinalStage(`FROM a AS build\nFROM ${from}\n`)).code).toBe(
        'DOCKERFILE_UNSUPPORTED',
      );
    }
  });

  it('the history shows every instruction after substitution', () => {
    const instructions =
      'ARG P=1\nENV X=$P\nCOPY --from=build --chmod=0755 a /b/\nHEALTHCHECK --retries=2 CMD x';
    expect(runtime(instructions).steps).toEqual([
      { createdBy: 'ARG P=1', emptyLayer: true },
      { createdBy: 'ENV X=1', emptyLayer: true },
      { createdBy: 'COPY --chmod=0755 /a /b/', emptyLayer: false },
      { createdBy: 'HEALTHCHECK --retries=2 CMD x', emptyLayer: true },
    ]);
  });
});
