import { DockerfileError } from './dockerfile-error';
import { readFinalStage } from './final-stage';
import { type ReadStageOptions } from './stages';

const BUILD =
  'ARG IMAGE=node:1\nFROM $IMAGE AS build\nARG DIR=work\nWORKDIR /$DIR\nWORKDIR space\nRUN make\n';

function finalStage(lines: string, options?: ReadStageOptions) {
  return readFinalStage(`${BUILD}FROM $IMAGE AS final\n${lines}`, options);
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
  it('returns the base image of the final stage, after substitution', () => {
    expect(finalStage('').baseReference).toBe('node:1');
    expect(finalStage('', { args: { IMAGE: 'node:2@x' } }).baseReference).toBe('node:2@x');
  });

  it('selects the target stage by name or number', () => {
    const text = 'FROM a AS One\nENV X=1\nFROM b\n';
    expect(readFinalStage(text, { target: 'one' }).baseReference).toBe('a');
    expect(readFinalStage(text, { target: '1' }).baseReference).toBe('b');
    expect(errorOf(() => readFinalStage(text, { target: 'two' })).message).toContain('one, 1');
  });

  it('resolves both paths of a copy, and the working directory of its stage', () => {
    const stage = finalStage(
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

  it('reads numeric owner and mode of a copy', () => {
    const [copy] = finalStage('COPY --from=build --chown=1:2 --chmod=0640 ["a b", "/c"]').copies;
    expect(copy).toMatchObject({ sources: ['/a b'], owner: { uid: 1, gid: 2 }, chmod: 0o640 });
  });

  it('reads the config from the instructions', () => {
    const { config } = finalStage(
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

  it('prefers a build argument to a default, and ENV to ARG', () => {
    const lines = 'ARG P=1\nARG Q=1\nENV Q=3\nLABEL p=$P q=$Q';
    expect(finalStage(lines, { args: { P: '2', Q: '2' } }).config.labels).toEqual({
      p: '2',
      q: '3',
    });
  });

  it('requires a stage to declare a global ARG again', () => {
    expect(finalStage('ARG IMAGE\nLABEL i=$IMAGE').config.labels).toEqual({ i: 'node:1' });
    const error = errorOf(() => finalStage('LABEL i=$IMAGE'));
    expect(error.message).toBe(
      'Dockerfile:8: LABEL: IMAGE is not declared. Add "ARG IMAGE" to this stage, above this line.',
    );
  });

  it('rejects the use of an argument without a value', () => {
    expect(errorOf(() => finalStage('ARG APP\nENV X=$APP')).message).toContain('APP has no value');
    expect(finalStage('ARG APP\nENV X=${APP:-y}').config.env).toEqual({ X: 'y' });
  });

  it('converts the durations of a health check to nanoseconds', () => {
    const lines =
      'HEALTHCHECK --interval=1m30s --timeout=500ms --start-period=2s --retries=4 CMD ["a", "$B"]';
    expect(finalStage(lines).config.healthcheck).toEqual({
      Test: ['CMD', 'a', '$B'],
      Interval: 90e9,
      Timeout: 0.5e9,
      StartPeriod: 2e9,
      Retries: 4,
    });
    expect(finalStage('HEALTHCHECK CMD wget x').config.healthcheck).toEqual({
      Test: ['CMD-SHELL', 'wget x'],
    });
    expect(finalStage('HEALTHCHECK NONE').config.healthcheck).toEqual({ Test: ['NONE'] });
  });

  it.each([
    ['RUN make', 'RUN'],
    ['ADD x y', 'ADD'],
    ['COPY . .', 'build context'],
    ['COPY --from=nginx a b', '"nginx" is an image'],
    ['COPY --from=build --link a b', '--link'],
    ['COPY --from=build *.js b', 'pattern'],
    ['COPY --from=build --chown=node a b', '--chown=node'],
    ['VOLUME /x', 'VOLUME'],
    ['ONBUILD RUN x', 'ONBUILD'],
    ['SHELL ["bash"]', 'SHELL'],
    ['HEALTHCHECK --start-interval=1s CMD x', '--start-interval'],
  ])('does not support %s', (line, expected) => {
    const error = errorOf(() => finalStage(`WORKDIR /a\n${line}`, { file: 'docker/x.Dockerfile' }));
    expect(error).toMatchObject({ code: 'DOCKERFILE_UNSUPPORTED', at: { line: 9 } });
    expect(error.message).toMatch(/^docker\/x\.Dockerfile:9: /);
    expect(error.message).toContain(expected);
    expect(error.message).toContain('--engine=docker');
  });

  it.each([
    ['EXPOSE 70000', 'invalid port'],
    ['HEALTHCHECK --interval=fast CMD x', 'invalid duration'],
    ['HEALTHCHECK x', 'HEALTHCHECK CMD'],
    ['COPY --from=build a b c', 'must end in "/"'],
    ['COPY --from=build a', 'at least one source'],
    ['USER', 'no argument'],
    ['LABEL a=${', 'without a name'],
  ])('rejects %s', (line, expected) => {
    const error = errorOf(() => finalStage(line));
    expect(error).toMatchObject({ code: 'DOCKERFILE_INVALID', at: { line: 8 } });
    expect(error.message).toContain(expected);
  });

  it.each([
    ['', 'missing'],
    ['RUN x\nFROM a', 'only ARG'],
    ['FROM a b', 'FROM image'],
    ['ARG X\nFROM $X', 'X has no value'],
  ])('rejects the file %j', (text, expected) => {
    expect(errorOf(() => readFinalStage(text)).message).toContain(expected);
  });

  it('does not support a stage based on another stage, on scratch or on another platform', () => {
    for (const from of ['build', 'scratch', '--platform=linux/arm64 a']) {
      expect(errorOf(() => readFinalStage(`FROM a AS build\nFROM ${from}\n`)).code).toBe(
        'DOCKERFILE_UNSUPPORTED',
      );
    }
  });

  it('returns each instruction after substitution for the history', () => {
    const instructions =
      'ARG P=1\nENV X=$P\nCOPY --from=build --chmod=0755 a /b/\nHEALTHCHECK --retries=2 CMD x';
    expect(finalStage(instructions).steps).toEqual([
      { createdBy: 'ARG P=1', emptyLayer: true },
      { createdBy: 'ENV X=1', emptyLayer: true },
      { createdBy: 'COPY --chmod=0755 /a /b/', emptyLayer: false },
      { createdBy: 'HEALTHCHECK --retries=2 CMD x', emptyLayer: true },
    ]);
  });
});
