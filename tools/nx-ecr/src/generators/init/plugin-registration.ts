import { type NxJsonConfiguration } from '@nx/devkit';
import { imageFile } from '@typerush/image-registry';
import { name as packageName } from '../../../package.json';
import { infraMain } from '../../infra-project';

interface Registration {
  plugin: string;
  options?: { dockerfile?: string; buildTargetName?: string };
  include?: string[];
  exclude?: string[];
}

const defaultBuildTarget = 'build';

/** The entries of this plugin in nx.json; there may be several, for different projects. */
export class PluginRegistration {
  private constructor(
    private readonly nxJson: NxJsonConfiguration,
    private readonly own: Registration[],
  ) {}

  static of(nxJson: NxJsonConfiguration): PluginRegistration {
    const own = (nxJson.plugins ?? [])
      .map((entry) => (typeof entry === 'string' ? { plugin: entry } : entry) as Registration)
      .filter(({ plugin }) => plugin === packageName);
    return new PluginRegistration(nxJson, own);
  }

  /** The Dockerfile of every image, relative to the workspace. */
  get dockerfile(): string {
    return this.own[0]?.options?.dockerfile ?? 'docker/service.Dockerfile';
  }

  /** The name of a project's bundling target; undefined if no entry applies to the project. */
  buildTargetOf(projectRoot: string): string | undefined {
    const found = this.applying(projectRoot);
    return found && (found.options?.buildTargetName ?? defaultBuildTarget);
  }

  /** nx.json with the plugin registered for all projects, unless it has an entry already. */
  registered(buildTargetName = defaultBuildTarget): NxJsonConfiguration {
    if (this.own.length > 0) return this.nxJson;
    return this.withEntries([entry({ buildTargetName })]);
  }

  /** nx.json with the bundling target of one project renamed. */
  renamed(projectRoot: string, buildTargetName: string): NxJsonConfiguration {
    const file = fileOf(projectRoot);
    const applying = this.applying(projectRoot);
    const others = this.own
      .map((each) => (each === applying ? withoutFile(each, file) : each))
      .filter(({ include }) => !include || include.some((each) => each !== infraMain));
    const dockerfile = this.own[0]?.options?.dockerfile;
    return this.withEntries([
      ...others.map((each) => (isBare(each) ? packageName : each)),
      // The file of the stacks too: whether there is one decides whether the project has `provision`.
      entry({ ...(dockerfile && { dockerfile }), buildTargetName }, [file, infraMain]),
    ]);
  }

  /** Compares paths without expanding globs: at worst there is one entry too many. */
  private applying(projectRoot: string): Registration | undefined {
    const file = fileOf(projectRoot);
    return this.own.findLast(
      ({ include, exclude }) =>
        (!include || include.includes(file)) && !(exclude ?? []).includes(file),
    );
  }

  private withEntries(entries: readonly (Registration | string)[]): NxJsonConfiguration {
    const others = (this.nxJson.plugins ?? []).filter(
      (each) => (typeof each === 'string' ? each : each.plugin) !== packageName,
    );
    return { ...this.nxJson, plugins: [...others, ...entries] };
  }
}

const fileOf = (projectRoot: string) => `${projectRoot}/${imageFile}`;

const isBare = ({ options, include, exclude }: Registration) => !options && !include && !exclude;

function withoutFile(registration: Registration, file: string): Registration {
  if (!registration.include) {
    return { ...registration, exclude: [...(registration.exclude ?? []), file] };
  }
  return { ...registration, include: registration.include.filter((each) => each !== file) };
}

function entry(options: Registration['options'], include?: string[]): Registration | string {
  const written = options?.buildTargetName === defaultBuildTarget && !include ? undefined : options;
  return written || include
    ? { plugin: packageName, options: written, ...(include && { include }) }
    : packageName;
}
