import { type RunConfig } from '@typerush/oci';
import { type PlatformSubject, type Subject } from '../subject';
import { wrongLabels } from './labels';
import { type Rule } from './rule';

/** What the image says about how it is run. */
export const configRules: readonly Rule[] = [
  {
    id: 'user',
    fact: 'runs as a user by number, not as root',
    remedy: 'USER 1000:1000: an orchestrator can tell by the number that it is not root',
    broken: each(({ User }) => (isNumberedUser(User ?? '') ? [] : [`USER is ${shown(User)}`])),
  },
  {
    id: 'port',
    fact: 'exposes the port of image.json and no other',
    remedy: 'EXPOSE ${PORT}, with PORT from image.json',
    broken: each(({ ExposedPorts }, { service }) => {
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
    broken: each(({ Healthcheck }) => {
      const [kind = 'NONE'] = Healthcheck?.Test ?? [];
      return kind === 'NONE' ? ['there is none'] : [];
    }),
  },
  {
    id: 'labels',
    fact: 'has the labels of the OCI set, and they are right',
    remedy: 'LABEL org.opencontainers.image.…, from the arguments that the build gets',
    broken: each(({ Labels }, subject) => wrongLabels(Labels ?? {}, subject)),
  },
  {
    id: 'command',
    fact: 'starts its program without a shell, which would keep signals from it',
    remedy: 'CMD ["node", "main.js"] in exec form',
    broken: each(({ Entrypoint, Cmd }) => {
      const command = [...(Entrypoint ?? []), ...(Cmd ?? [])];
      if (command.length === 0) return ['there is neither ENTRYPOINT nor CMD'];
      return startsShell(command) ? [`it starts ${command.slice(0, 2).join(' ')}`] : [];
    }),
  },
  {
    id: 'working-directory',
    fact: 'has a working directory of its own',
    remedy: 'WORKDIR /app',
    broken: each(({ WorkingDir }) =>
      /^\/[^/]/.test(WorkingDir ?? '') ? [] : [`WORKDIR is ${shown(WorkingDir)}`],
    ),
  },
  {
    id: 'stop-signal',
    fact: 'is stopped by a signal that it can handle',
    remedy: 'STOPSIGNAL SIGTERM',
    broken: each(({ StopSignal }) =>
      /^(SIG)?(TERM|INT|QUIT)$|^(2|3|15)$/.test(StopSignal || 'SIGTERM')
        ? []
        : [`STOPSIGNAL is ${StopSignal}`],
    ),
  },
  {
    id: 'surprises',
    fact: 'has no ONBUILD and no volumes',
    remedy: 'leave out ONBUILD and VOLUME: a read-only root file system and a mount say it better',
    broken: each(({ OnBuild, Volumes }) => [
      ...asList(OnBuild).map((instruction) => `ONBUILD ${String(instruction)}`),
      ...Object.keys((Volumes ?? {}) as object).map((volume) => `VOLUME ${volume}`),
    ]),
  },
];

type PlatformRule = (run: RunConfig, subject: Subject, platform: PlatformSubject) => string[];

/** On every platform; what is found on some of several says on which. */
function each(find: PlatformRule) {
  return (subject: Subject): string[] =>
    subject.platforms.flatMap((platform) => {
      const where = subject.platforms.length > 1 ? ` (${platform.built.platform})` : '';
      return find(platform.run, subject, platform).map((problem) => `${problem}${where}`);
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
