import fc from 'fast-check';

/** Parts of the syntax that only newer versions of BuildKit know. */
export const features = {
  heredoc: 'COPY <<EOF /probe\nx\nEOF',
  link: 'COPY --link a.txt /probe',
  exclude: 'COPY --exclude=*.js dir /probe',
  parents: 'COPY --parents dir/x.txt /probe/',
  prefixes: 'ENV A=ab\nENV B=${A#a}',
  replacements: 'ENV A=ab\nENV B=${A/a/c}',
  unsetModifiers: 'ENV B=${A-w}${A+v}',
  zeros: 'HEALTHCHECK --start-period=0s --retries=0 CMD x',
  startInterval: 'HEALTHCHECK --start-interval=5s CMD x',
} as const;
export type Feature = keyof typeof features;

const one = <T>(...items: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...items);
const text = (
  parts: TemplateStringsArray,
  ...values: fc.Arbitrary<string>[]
): fc.Arbitrary<string> => fc.tuple(...values).map((found) => String.raw({ raw: parts }, ...found));

const name = one('A', 'B', 'C', 'PATH', 'NODE_VERSION', 'TARGETARCH', 'Q', 'UNSET');
const value = (has: (feature: Feature) => boolean) =>
  fc.oneof(
    one('1', 'x', '"a b"', "'$A'", 'a\\ b', '""', '/p/q.tar.gz', '"\\$A"'),
    text`$${name}`,
    text`\${${name}}`,
    text`"<$${name}>"`,
    text`\${${name}:-w}`,
    text`\${${name}:+\${Q:-v}}`,
    ...(has('unsetModifiers') ? [text`\${${name}-w}`, text`\${${name}+v}`] : []),
    ...(has('prefixes')
      ? [text`\${${name}${one('#', '##', '%', '%%')}${one('*/', 'a', '?', '*.', '/*', '.*')}}`]
      : []),
    ...(has('replacements') ? [text`\${${name}${one('/', '//')}${one('a', '?', 'l*')}/_}`] : []),
  );

const folder = one(
  'app',
  './app/',
  '/app',
  '/srv/app',
  '/srv/app/',
  '/run/x',
  '/var/run/y/',
  '.',
  './',
  '/',
  '../up',
  '/usr/local/bin/',
  'new/deep/er/',
  '$A',
);
const source = one(
  'a.txt',
  './b.js',
  'dir',
  'dir/',
  'dir/sub',
  'dir-link',
  'dir/link',
  'tool.sh',
  'hard',
  'empty',
  'notes.tar',
  'kept',
  'dir/*.txt',
  '*.js',
  'd?r/sub',
  '[ab].*',
  '.',
);
const owner = one('node', 'node:staff', '1000', '7:8', 'root', ':staff', '0:0', 'nobody-here');
const flags = (has: (feature: Feature) => boolean) =>
  fc
    .tuple(
      fc.option(text`--chown=${owner} `, { nil: '', freq: 2 }),
      // Older versions of BuildKit ignore the special bits of a mode.
      has('link')
        ? fc.option(text`--chmod=${one('0644', '755', '4755')} `, { nil: '', freq: 3 })
        : fc.constant(''),
      has('link')
        ? fc.option(one('--link ', '--link=false '), { nil: '', freq: 5 })
        : fc.constant(''),
      has('exclude')
        ? fc.option(
            one('--exclude=*.js ', '--exclude=sub/** ', '--exclude=*.txt --exclude=!x.txt '),
            { nil: '', freq: 5 },
          )
        : fc.constant(''),
    )
    .map((found) => found.join(''));

/** Comments and empty lines between the lines of an instruction. */
const gap = one(
  ' ',
  ' \\\n  ',
  ' \\\n    # a comment, indented\n  ',
  ' \\\n\n  ',
  ' \\  \n# not indented\n\t',
);

/** One instruction of a final stage. */
function instruction(has: (feature: Feature) => boolean): fc.Arbitrary<string> {
  const values = value(has);
  const copy = one('COPY', 'ADD', 'copy');
  return fc.oneof(
    { weight: 3, arbitrary: text`ENV ${name}=${values}${gap}${name}=${values}` },
    { weight: 1, arbitrary: text`ENV ${name} ${one('legacy form', '$A b', '"q"')}` },
    {
      weight: 3,
      arbitrary: text`ARG ${one('A', 'B', 'Q', 'TARGETARCH', 'TARGETPLATFORM', 'GLOBAL', 'GIVEN', 'HTTP_PROXY')}`,
    },
    { weight: 2, arbitrary: text`ARG ${one('A', 'B', 'C', 'GLOBAL', 'GIVEN')}=${values}` },
    { weight: 2, arbitrary: text`LABEL ${one('l', '"a b"', 'l.$A')}=${values}${gap}m=${values}` },
    { weight: 3, arbitrary: text`WORKDIR ${folder}` },
    {
      weight: 1,
      arbitrary: text`USER ${one('node', '1000:1000', 'root', '$A', '7', 'nobody-here')}`,
    },
    {
      weight: 1,
      arbitrary: text`EXPOSE ${one('7000-7002', '80', '$PORT 81', '53/udp')}${gap}${one('90/sctp', '8080/TCP', '1-2/udp')}`,
    },
    { weight: 1, arbitrary: text`VOLUME ${one('/v', '/v /w', '["/a b", "/c"]', 'rel', '/$A')}` },
    { weight: 1, arbitrary: text`STOPSIGNAL ${one('SIGTERM', '9', 'sigint', 'KILL', 'RTMIN+3')}` },
    {
      weight: 1,
      arbitrary: one(
        'SHELL ["/bin/bash", "-eu", "-c"]',
        'SHELL ["/s"]',
        'MAINTAINER some one  <a@b>',
      ),
    },
    {
      weight: 1,
      arbitrary: text`ONBUILD ${one('RUN x', 'COPY a b', 'ENV Z=$A', 'COPY ["a", "b"]')}`,
    },
    {
      weight: 2,
      arbitrary: text`${one('CMD', 'ENTRYPOINT')} ${one('["node",', '[ "a b",')}${gap}"m.js"]`,
    },
    {
      weight: 2,
      arbitrary: text`${one('CMD', 'ENTRYPOINT', 'entrypoint')} ${one('run', 'echo  "$A"', '[not json', '"q"')}${gap}${one('it', "'x  y'", '[]')}`,
    },
    { weight: 1, arbitrary: one('CMD []', 'ENTRYPOINT []', 'HEALTHCHECK NONE', 'CMD ["x"]') },
    {
      weight: 2,
      arbitrary: text`HEALTHCHECK ${one('', '--interval=1m30s ', '--timeout=1.5s ', '--retries=3 --start-period=2s ', ...(has('zeros') ? ['--retries=0 --start-period=0s '] : []), ...(has('startInterval') ? ['--start-interval=5s '] : []))}CMD ${one('wget', '["a",', 'x  y')}${gap}${one('http://127.0.0.1/', '"b"]')}`,
    },
    { weight: 8, arbitrary: text`${copy} ${flags(has)}${source}${gap}${folder}` },
    {
      weight: 3,
      arbitrary: text`${copy} ${flags(has)}${one('a.txt dir/x.txt', 'dir dir-link', '"quoted.txt" b.js', 'd*', 'a.txt b.js')} ${one('./multi/', '/srv/app/', 'many/')}`,
    },
    {
      weight: 1,
      arbitrary: text`COPY ${flags(has)}["a.txt",${gap}"sp ace.txt", "./json folder/"]`,
    },
    {
      weight: 2,
      arbitrary: text`ADD ${one('files.tar', 'files.tgz', 'notes.tar', 'files.t*')} ${one('./unpacked/', '/srv/app', '/')}`,
    },
    {
      weight: 3,
      arbitrary: text`COPY --from=${one('build', '0', 'made', 'BUILD')} ${flags(has)}${one('/workspace/out', '/workspace/out/', 'workspace/out/main.js', '/workspace/out/*')} ${folder}`,
    },
    ...(has('heredoc')
      ? [
          {
            weight: 2,
            arbitrary: text`${copy} ${flags(has)}<<${one('EOF', '"EOF"', '-EOF')} ${one('/here', './here/', 'a/b')}\n\tone $A \${B:-"q"}\n  # kept \\\n\nEOF`,
          },
          {
            weight: 1,
            arbitrary: fc.constant('COPY <<one.txt <<two.txt ./docs/\n1\none.txt\n2\ntwo.txt'),
          },
        ]
      : []),
    ...(has('parents')
      ? [
          {
            weight: 2,
            arbitrary: text`COPY --parents ${one('dir/x.txt', './dir/./sub/y.txt', 'dir/*/y.txt', 'dir/sub', '**/y.txt')} ${one('./p/', '/srv/app/')}`,
          },
        ]
      : []),
    { weight: 1, arbitrary: one('# only a comment', '', '   # indented', 'RUN true', 'RUN ["x"]') },
  );
}

/** What BuildKit refuses. */
const refused = one(
  'EXPOSE 70000',
  'EXPOSE 80/icmp',
  'EXPOSE 5-3',
  'HEALTHCHECK x',
  'HEALTHCHECK --interval=fast CMD x',
  'HEALTHCHECK --retries=-1 CMD x',
  'COPY a.txt',
  'COPY --chown a.txt /x',
  'COPY --nope=1 a.txt /x',
  'COPY missing /x',
  'COPY ignored/secret.txt /x',
  'COPY --from=later a /x',
  'COPY --from=7 a /x',
  'COPY dir /etc/passwd',
  'COPY dir/x.txt /etc/passwd/',
  'COPY --from=$A a /x',
  'COPY https://example.com/x /x',
  'ENV A',
  'ENV =b',
  'ENV A=1 B',
  'LABEL x',
  'ARG',
  'ARG =x',
  'USER',
  'WORKDIR',
  'STOPSIGNAL NOPE',
  'VOLUME',
  'VOLUME [""]',
  'SHELL sh',
  'SHELL []',
  'ONBUILD FROM x',
  'ONBUILD ONBUILD RUN x',
  'NOPE x',
  'ENV A=${X',
  'ENV A="open',
  'ENV A=${}',
  'ENV A=${UNSET:?must be set}',

  'CMD [1]',
  'WORKDIR --x=1 /a',
  'COPY [1, "a"] /x',
  'HEALTHCHECK',
  'HEALTHCHECK CMD',
  'EXPOSE',
  'COPY --from=build --from=build /workspace /x',
  'ENV A=${A!b}',
);

export interface GeneratedStage {
  readonly base: string;
  readonly lines: readonly string[];
}

/** The Dockerfile of a generated final stage; `build` is the stage that this machine runs. */
export const dockerfileOf = ({ base, lines }: GeneratedStage): string =>
  [
    'ARG GLOBAL=g',
    'ARG PORT=3000',
    `FROM ${base} AS build`,
    'WORKDIR /workspace',
    'COPY out /workspace/out',
    `FROM ${base} AS made`,
    'ENV MADE=1',
    'WORKDIR /workspace/out',
    'COPY out/main.js a.txt ./',
    'FROM made AS parent',
    'ARG A=inherited',
    'LABEL parent=$A',
    `FROM ${base}`,
    'ARG PORT',
    ...lines,
    '',
  ].join('\n');

export function stagesOn(
  base: string,
  has: (feature: Feature) => boolean,
): fc.Arbitrary<GeneratedStage> {
  const lines = fc.array(instruction(has), { minLength: 1, maxLength: 7 });
  return lines.map((found) => ({ base, lines: found }));
}

export function refusedStagesOn(base: string): fc.Arbitrary<GeneratedStage> {
  return refused.map((line) => ({ base, lines: ['ENV A=1', line] }));
}
