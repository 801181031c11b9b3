/** A package of this workspace that others install. */
export interface PackageDefinition {
  /** Its folder, relative to the workspace. */
  readonly root: string;
  /** Folders of the workspace libraries that are bundled into it. */
  readonly inside: readonly string[];
  /**
   * Entries that share no code with others. esbuild divides shared code by what files import, not by what they use of it: for
   * these, which Nx loads in every run, it would load a library for one of its functions.
   */
  readonly apart: readonly string[];
  /** Packages that `compile` does not bundle: native code, Nx itself, and packages that few commands load. */
  readonly loadedAtRunTime: readonly RegExp[];
  /**
   * Packages that are part of the published code, with what they import. With Yarn's Plug'n'Play, the process of Nx cannot import
   * an ES module of another package if the workspace has ts-node, whose loader knows only `node_modules`.
   */
  readonly bundled?: { readonly packages: readonly string[]; readonly licenses: string };
  /** Peer dependencies: packages of which only one version may be installed. */
  readonly peers: Readonly<Record<string, string>>;
  /** Dependencies that are published with a range instead of the version that this workspace has. */
  readonly ranges?: Readonly<Record<string, string>>;
  /**
   * Whether npm does not install the peers automatically. npm 11 drops a dependency of aws-cdk-lib if a package that it installed
   * as a peer is declared later, as the generator of the CDK app does.
   */
  readonly peersAreDeclared: boolean;
  /** Other files and folders to copy from the workspace to the package. */
  readonly files: readonly {
    readonly from: string;
    readonly to: string;
    /** Pattern of the paths to copy from a folder. */
    readonly only?: RegExp;
  }[];
  /** Whether the package contains type declarations. */
  readonly types: boolean;
  /** A program that contains all that it needs: the only code of the package, which can also be imported. */
  readonly program?: {
    /** The command that npm installs. */
    readonly command: string;
    readonly entry: string;
    readonly file: string;
    /** Where the licences of the packages in it are written to. */
    readonly licenses: string;
    /** Files whose exports are typed completely, the one to import first. They must import only each other. */
    readonly types: readonly string[];
  };
}

const license = { from: 'LICENSE', to: 'LICENSE' };

export const packages = {
  'nx-ecr': {
    root: 'tools/nx-ecr',
    inside: [
      'libs/child-process',
      'libs/ecr-access',
      'libs/image-build',
      'libs/image-comparison',
      'libs/image-publishing',
      'libs/image-registry',
      'libs/image-scanning',
      'libs/image-signatures',
      'libs/image-verification',
      'libs/oci',
      'libs/pipeline-context',
      'libs/registry-operations',
      'libs/service-bundle',
      'libs/service-deployment',
      'libs/terminal-output',
    ],
    apart: [
      'src/index.ts',
      'src/targets/build/executor.ts',
      'src/targets/docker-build/executor.ts',
      'src/targets/docker-build/hasher.ts',
      'src/targets/docker-push/executor.ts',
    ],
    loadedAtRunTime: [
      /^esbuild$/,
      /^@vercel\/nft$/,
      /^nx$/,
      /^@nx\//,
      /^@cyclonedx\//,
      /^@secretlint\//,
      /^@sigstore\//,
    ],
    bundled: { packages: ['execa'], licenses: 'THIRD-PARTY-LICENSES.txt' },
    peers: { nx: '^23.2.1' },
    // Not a peer, as in the plugins of Nx: Yarn installs no peers.
    ranges: { '@nx/devkit': '^23.2.1' },
    peersAreDeclared: false,
    files: [
      {
        from: 'tools/nx-ecr/src',
        to: 'src',
        only: /\/schema\.json$|\/generators\/[^/]+\/files\//,
      },
      // This repository uses these templates too.
      { from: 'docker/service.Dockerfile', to: 'docker/service.Dockerfile' },
      { from: '.dockerignore', to: '.dockerignore' },
      { from: 'libs/image-registry/schema', to: 'schema' },
      { from: 'tools/pack/src/readme/nx-ecr.md', to: 'README.md' },
      { from: 'tools/nx-ecr/executors.json', to: 'executors.json' },
      { from: 'tools/nx-ecr/generators.json', to: 'generators.json' },
      license,
    ],
    types: false,
  },
  'infra-ecr': {
    root: 'libs/infra-ecr',
    inside: ['libs/image-registry'],
    loadedAtRunTime: [],
    apart: [],
    peers: { 'aws-cdk-lib': '^2.270.0', constructs: '^10.8.1' },
    peersAreDeclared: true,
    files: [
      {
        // The code is bundled into one file, which reads this file from its own folder.
        from: 'libs/infra-ecr/src/monitoring/measure-repositories.js',
        to: 'dist/measure-repositories.js',
      },
      { from: 'tools/pack/src/readme/infra-ecr.md', to: 'README.md' },
      license,
    ],
    types: true,
  },
  'ecr-local': {
    root: 'apps/ecr-local',
    inside: [],
    apart: [],
    loadedAtRunTime: [],
    peers: {},
    peersAreDeclared: false,
    files: [{ from: 'tools/pack/src/readme/ecr-local.md', to: 'README.md' }, license],
    types: false,
    program: {
      command: 'ecr-local',
      entry: 'src/package.ts',
      file: 'dist/ecr-local.js',
      licenses: 'THIRD-PARTY-LICENSES.txt',
      types: ['index', 'running-ecr-local', 'start-ecr-local'].map(
        (name) => `src/testing/${name}.ts`,
      ),
    },
  },
} as const satisfies Record<string, PackageDefinition>;

export type PackageName = keyof typeof packages;
