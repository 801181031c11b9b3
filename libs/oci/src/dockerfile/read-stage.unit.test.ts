import { type RunConfig } from '../manifest';
import { checkFinalStage } from './check-stage';
import { type CopyStep } from './copy';
import { DockerfileError } from './dockerfile-error';
import { readStage, stateOf } from './read-stage';
import { findStage, splitStages } from './stages';

const BUILD = 'ARG IMAGE=node:1\nFROM $IMAGE AS build\nWORKDIR /work/space\nRUN make\n';
const args = { GIVEN: 'from the caller' };

function read(lines: string, base: RunConfig = {}) {
  const dockerfile = splitStages(`${BUILD}FROM $IMAGE AS final\n${lines}`, { args });
  return readStage(findStage(dockerfile.stages), stateOf(base), dockerfile);
}

const configOf = (lines: string, base?: RunConfig) => read(lines, base).config;
const copyOf = (lines: string): CopyStep => {
  const copies = read(lines).steps.flatMap(({ files }) => (files?.type === 'copy' ? [files] : []));
  const last = copies.at(-1);
  if (!last) throw new Error('there is a COPY');
  return last;
};

function errorOf(action: () => unknown): DockerfileError {
  try {
    action();
  } catch (error) {
    if (error instanceof DockerfileError) return error;
    throw error;
  }
  throw new Error('no error');
}

describe('readStage, with lines between those of an instruction', () => {
  it.each([
    [
      'CMD ["node", \\\n    # the bundle\n    "service/main.js"]',
      { Cmd: ['node', 'service/main.js'] },
    ],
    [
      'HEALTHCHECK CMD wget \\\n    # ask it\n  http://127.0.0.1:3000/',
      { Healthcheck: { Test: ['CMD-SHELL', 'wget   http://127.0.0.1:3000/'] } },
    ],
    ['EXPOSE 1 \\\n\n   # two\n\n  2', { ExposedPorts: { '1/tcp': {}, '2/tcp': {} } }],
    ['ENV A=1 \\  \n# none\n\tB=2', { Env: expect.arrayContaining(['A=1', 'B=2']) }],
  ])('leaves out comments and empty lines of %j', (lines, expected) => {
    expect(configOf(lines)).toMatchObject(expected);
  });

  it('uses the character of the escape directive', () => {
    const dockerfile = splitStages('# escape=`\nFROM a\nENV A=1 `\n  # none\n  B=C:\\dir\n');
    const { config } = readStage(findStage(dockerfile.stages), stateOf({}), dockerfile);
    expect(config.Env).toEqual(expect.arrayContaining(['A=1', 'B=C:\\dir']));
  });

  it('keeps what looks like a comment in a here-document', () => {
    const { documents } = copyOf('ENV A=1\nCOPY <<EOF <<-"RAW" /x/\n# $A\nEOF\n\t$A \\\nRAW');
    expect(documents).toEqual([
      { name: 'EOF', content: '# 1\n' },
      { name: 'RAW', content: '$A \\\n' },
    ]);
  });
});

describe('readStage, on a base image with a config', () => {
  const base = {
    WorkingDir: '/base',
    Env: ['PATH=/bin', 'NODE_VERSION=26.0.0'],
    Shell: ['/bin/bash', '-c'],
    Entrypoint: ['/entry'],
    Cmd: ['argument'],
    User: 'node',
    Volumes: { '/data': {} },
  };

  it('resolves paths and variables with it', () => {
    const lines = 'ENV PATH=/app/bin:$PATH V=$NODE_VERSION\nWORKDIR app\nCMD run $V';
    expect(configOf(lines, base)).toMatchObject({
      Env: ['PATH=/app/bin:/bin', 'NODE_VERSION=26.0.0', 'V=26.0.0'],
      WorkingDir: '/base/app',
      Cmd: ['/bin/bash', '-c', 'run $V'],
      User: 'node',
      Volumes: { '/data': {} },
    });
  });

  it('copies to its working directory until a WORKDIR, which is relative to it', () => {
    const { steps, config } = read(
      'COPY --from=build /work/space/service/ ./service/\nWORKDIR app\nCOPY --from=build a b',
      base,
    );
    const copies = steps.flatMap(({ files }) => (files?.type === 'copy' ? [files] : []));
    expect(copies).toMatchObject([
      { destination: '/base/service/' },
      { destination: '/base/app/b' },
    ]);
    expect(config.WorkingDir).toBe('/base/app');
  });

  it('resets its command with its entrypoint', () => {
    expect(configOf('ENTRYPOINT ["e"]', base)).toMatchObject({ Entrypoint: ['e'], Cmd: undefined });
    expect(configOf('CMD ["c"]\nENTRYPOINT ["e"]', base)).toMatchObject({ Cmd: ['c'] });
    expect(configOf('CMD ["c"]', base)).toMatchObject({ Entrypoint: ['/entry'], Cmd: ['c'] });
  });

  it('executes its triggers first, and does not pass them on', () => {
    const OnBuild = ['ENV X=$NODE_VERSION', 'WORKDIR triggered'];
    expect(configOf('ENV Y=$X\nONBUILD RUN z', { ...base, OnBuild })).toMatchObject({
      Env: expect.arrayContaining(['X=26.0.0', 'Y=26.0.0']),
      WorkingDir: '/base/triggered',
      OnBuild: ['RUN z'],
    });
    const error = errorOf(() => configOf('', { OnBuild: ['RUN x'] }));
    expect(error).toMatchObject({ code: 'DOCKERFILE_UNSUPPORTED' });
  });

  it('sets PATH if it has none', () => {
    expect(configOf('ENV A=1').Env).toEqual([
      expect.stringMatching(/^PATH=\/usr\/local\/sbin:/),
      'A=1',
    ]);
  });
});

describe('readStage', () => {
  it('lets the last of ARG and ENV win, as BuildKit does', () => {
    const lines =
      'ENV X=1\nARG X=2\nLABEL a=$X\nENV X=3\nLABEL b=$X\nARG GIVEN=default\nLABEL c=$GIVEN';
    expect(configOf(lines).Labels).toEqual({ a: '2', b: '3', c: 'from the caller' });
  });

  it('knows global and automatic arguments once a stage declares them', () => {
    const lines =
      'LABEL a=[$IMAGE$TARGETARCH]\nARG IMAGE\nARG TARGETARCH\nARG Q\nLABEL b=$IMAGE-$TARGETARCH[$Q]';
    expect(configOf(lines).Labels).toEqual({ a: '[]', b: 'node:1-amd64[]' });
  });

  it('reads ranges and protocols of ports', () => {
    expect(Object.keys(configOf('EXPOSE 7000-7002 90/sctp 53/UDP').ExposedPorts ?? {})).toEqual([
      '7000/tcp',
      '7001/tcp',
      '7002/tcp',
      '90/sctp',
      '53/udp',
    ]);
  });

  it('reads a health check', () => {
    const lines =
      'HEALTHCHECK --interval=1m30s --timeout=500ms --start-interval=2s --retries=0 CMD ["a", "$B"]';
    expect(configOf(lines).Healthcheck).toEqual({
      Test: ['CMD', 'a', '$B'],
      Interval: 90e9,
      Timeout: 0.5e9,
      StartInterval: 2e9,
      Retries: 0,
    });
    expect(configOf('HEALTHCHECK NONE').Healthcheck).toEqual({ Test: ['NONE'] });
  });

  it('resolves the paths of a copy, and reads its flags', () => {
    const flags = '--from=build --chown=node:7 --chmod=u=rw,go=r --exclude=*.md --parents';
    expect(copyOf(`WORKDIR /app\nCOPY ${flags} ["a b", "./"]`)).toMatchObject({
      sources: ['/a b'],
      destination: '/app/',
      owner: 'node:7',
      exclude: ['*.md'],
      parents: true,
    });
    expect(copyOf('COPY --chmod=u=rwX,go=rX a b').mode?.(0o600, true)).toBe(0o755);
    expect(copyOf('COPY --chmod=4750 a b').mode?.(0o600, false)).toBe(0o4750);
  });

  it('shows each instruction after substitution', () => {
    const lines =
      'ARG P=1\nENV X=$P\nCOPY --from=build --chmod=0755 a /b/\nHEALTHCHECK --retries=2 CMD x';
    expect(read(lines).steps.map(({ createdBy }) => createdBy)).toEqual([
      'ARG P=1',
      'ENV X=1',
      'COPY --chmod=0755 /a /b/',
      'HEALTHCHECK --retries=2 CMD x',
    ]);
  });

  it.each([
    'EXPOSE 70000',
    'EXPOSE 3-1',
    'HEALTHCHECK --interval=fast CMD x',
    'HEALTHCHECK x',
    'COPY a',
    'COPY --nope a b',
    'COPY --from=$A a b',
    'COPY --from=9 a b',
    'COPY https://a/b c',
    'USER',
    'ENV A',
    'LABEL a=${',
    'STOPSIGNAL NOPE',
    'SHELL sh',
    'ONBUILD FROM x',
    'CMD [1]',
    'NOPE',
    'COPY <<EOF /x\nopen',
  ])('rejects %j with its line', (lines) => {
    const error = errorOf(() => read(lines));
    expect(error).toMatchObject({ code: 'DOCKERFILE_INVALID', at: { line: 6 } });
    expect(error.message).toMatch(/^Dockerfile:6: /);
  });
});

describe('checkFinalStage', () => {
  const check = (lines: string) =>
    checkFinalStage(`${BUILD}FROM $IMAGE\n${lines}`, { hostStages: ['build'] });

  it.each([
    ['RUN make', 'RUN'],
    ['ADD https://example.com/x y', 'is remote'],
    ['COPY --from=build /elsewhere/x y', 'outside of /work/space'],
    ['FROM build', 'RUN'],
  ])('does not support %s', (lines, expected) => {
    const error = errorOf(() => check(lines));
    expect(error.code).toBe('DOCKERFILE_UNSUPPORTED');
    expect(error.message).toContain(expected);
    expect(error.message).toContain('--engine=docker');
  });

  it('does not support a stage that needs a container and is not on this machine', () => {
    const error = errorOf(() => checkFinalStage(`${BUILD}FROM b\nCOPY --from=build a b`));
    expect(error).toMatchObject({ code: 'DOCKERFILE_UNSUPPORTED', at: { line: 6 } });
  });

  it('does not support another frontend', () => {
    expect(errorOf(() => checkFinalStage('# syntax=example/other\nFROM a')).code).toBe(
      'DOCKERFILE_UNSUPPORTED',
    );
    checkFinalStage('# syntax=docker/dockerfile:1\nFROM a');
  });

  it('supports copies from the stage, the context and images', () => {
    check('COPY --from=build /work/space/a b\nCOPY c d\nCOPY --from=nginx e f\nADD g h');
  });
});
