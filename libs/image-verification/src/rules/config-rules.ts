import { type RunConfig } from '@typerush/oci';
import { type Rule } from '../check';
import { type ImageToVerify } from '../image-to-verify';

/** The image configuration. */
export const configRules: readonly Rule<ImageToVerify>[] = [
  {
    id: 'user',
    fact: 'runs as a user by number, not as root',
    remedy: 'USER 1000:1000: by the number an orchestrator can see that it is not root',
    check: onEachPlatform(({ User }) =>
      isNumberedUser(User ?? '') ? [] : [`USER is ${shown(User)}`],
    ),
  },
  {
    id: 'port',
    fact: 'exposes the port of image.json and no other',
    remedy: 'EXPOSE ${PORT}, with PORT from image.json',
    check: onEachPlatform(({ ExposedPorts }, { service }) => {
      const exposed = Object.keys(ExposedPorts ?? {}).map((port) => port.replace(/\/tcp$/, ''));
      const wanted = String(service.config.port);
      return exposed.length === 1 && exposed[0] === wanted
        ? []
        : [`exposed: ${exposed.join(', ') || 'none'}; image.json: ${wanted}`];
    }),
  },
  {
    id: 'health-check',
    fact: 'has a health check',
    remedy: 'HEALTHCHECK CMD ["node", "-e", "fetch(…)…"] in exec form',
    check: onEachPlatform(({ Healthcheck }) => {
      const [kind = 'NONE'] = Healthcheck?.Test ?? [];
      return kind === 'NONE' ? ['there is none'] : [];
    }),
  },
  {
    id: 'labels',
    fact: 'has the expected org.opencontainers.image.* labels',
    remedy: 'LABEL org.opencontainers.image.…, from the build arguments',
    check: onEachPlatform(({ Labels }, image) => wrongLabels(Labels ?? {}, image)),
  },
  {
    id: 'command',
    fact: 'starts its program without a shell, which would not forward signals',
    remedy: 'CMD ["node", "main.js"] in exec form',
    check: onEachPlatform(({ Entrypoint, Cmd }) => {
      const command = [...(Entrypoint ?? []), ...(Cmd ?? [])];
      if (command.length === 0) return ['there is neither ENTRYPOINT nor CMD'];
      return startsShell(command) ? [`it starts ${command.slice(0, 2).join(' ')}`] : [];
    }),
  },
  {
    id: 'working-directory',
    fact: 'has a working directory of its own',
    remedy: 'WORKDIR /app',
    check: onEachPlatform(({ WorkingDir }) =>
      /^\/[^/]/.test(WorkingDir ?? '') ? [] : [`WORKDIR is ${shown(WorkingDir)}`],
    ),
  },
  {
    id: 'stop-signal',
    fact: 'is stopped by a signal that it can handle',
    remedy: 'STOPSIGNAL SIGTERM',
    check: onEachPlatform(({ StopSignal }) =>
      /^(SIG)?(TERM|INT|QUIT)$|^(2|3|15)$/.test(StopSignal || 'SIGTERM')
        ? []
        : [`STOPSIGNAL is ${StopSignal}`],
    ),
  },
  {
    id: 'surprises',
    fact: 'has no ONBUILD and no volumes',
    remedy: 'remove ONBUILD and VOLUME; use a read-only root file system and mounts',
    check: onEachPlatform(({ OnBuild, Volumes }) => [
      ...asList(OnBuild).map((instruction) => `ONBUILD ${String(instruction)}`),
      ...Object.keys((Volumes ?? {}) as object).map((volume) => `VOLUME ${volume}`),
    ]),
  },
];

/** Names the platform of a problem if the image has several. */
function onEachPlatform(find: (run: RunConfig, image: ImageToVerify) => string[]) {
  return (image: ImageToVerify): string[] =>
    image.platforms.flatMap(({ run, built }) => {
      const where = image.platforms.length > 1 ? ` (${built.platform})` : '';
      return find(run, image).map((problem) => `${problem}${where}`);
    });
}

/** https://docs.docker.com/reference/dockerfile/#user: `uid` or `uid:gid`. */
function isNumberedUser(user: string): boolean {
  return /^\d+(:\d+)?$/.test(user) && Number.parseInt(user, 10) !== 0;
}

function startsShell([program = '', option = '']: readonly string[]): boolean {
  return /(^|\/)(ba|da|a)?sh$/.test(program) && option === '-c';
}

const shown = (value: string | null | undefined) => (value ? `"${value}"` : 'not set');
const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const prefix = 'org.opencontainers.image.';

/** https://github.com/opencontainers/image-spec/blob/v1.1.0/annotations.md#pre-defined-annotation-keys */
function wrongLabels(
  labels: Readonly<Record<string, string>>,
  { service, built }: ImageToVerify,
): string[] {
  const expected: Readonly<Record<string, string | undefined>> = {
    title: service.project,
    version: service.version,
    source: service.source,
    licenses: service.license,
    'base.name': built.base.reference.replace(/@sha256:[0-9a-f]{64}$/, ''),
    'base.digest': built.base.digest ?? undefined,
  };
  const wrong = Object.entries(expected).flatMap(([name, value]) => {
    const label = labels[`${prefix}${name}`];
    if (label === value || value === undefined) return [];
    return [`${prefix}${name} is ${label ? `"${label}"` : 'missing'}; it should be "${value}"`];
  });
  const unlicensed = !service.license && !labels[`${prefix}licenses`];
  return unlicensed ? [...wrong, `${prefix}licenses is missing`] : wrong;
}
