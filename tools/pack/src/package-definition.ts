/** A package of this workspace that others install. */
export interface PackageDefinition {
  /** Its folder, relative to the workspace. */
  readonly root: string;
  /** The libraries of the workspace that become part of its code: their folders. */
  readonly inside: readonly string[];
  /** Packages that stay outside of the code where it is compiled in the workspace: native code, Nx itself, and what few commands load. */
  readonly loadedAtRunTime: readonly RegExp[];
  /** What there must be one of: whoever installs it has it, or gets it beside it. */
  readonly peers: Readonly<Record<string, string>>;
  /**
   * Whether npm is to leave the peers to whoever installs it. npm 11 drops a dependency of aws-cdk-lib when what it installed as a
   * peer is declared later, which is what the generator of the CDK app does.
   */
  readonly peersAreDeclared: boolean;
  /** Files and folders beside the code, from the workspace to the package. */
  readonly files: readonly {
    readonly from: string;
    readonly to: string;
    /** Which files of a folder are meant, by path. */
    readonly only?: RegExp;
  }[];
  /** Whether others compile against it. */
  readonly types: boolean;
}

const license = { from: 'LICENSE', to: 'LICENSE' };

export const packages = {
  'nx-ecr': {
    root: 'tools/nx-ecr',
    inside: [
      'libs/child-process',
      'libs/ecr-access',
      'libs/image-build',
      'libs/image-publishing',
      'libs/image-registry',
      'libs/image-verification',
      'libs/oci',
      'libs/pipeline-context',
      'libs/registry-operations',
      'libs/service-bundle',
      'libs/terminal-output',
    ],
    loadedAtRunTime: [
      /^esbuild$/,
      /^nx$/,
      /^@nx\//,
      /^@cyclonedx\//,
      /^@secretlint\//,
      /^@sigstore\//,
    ],
    peers: { '@nx/devkit': '^23.2.1', nx: '^23.2.1' },
    peersAreDeclared: false,
    files: [
      {
        from: 'tools/nx-ecr/src',
        to: 'src',
        only: /\/schema\.json$|\/generators\/[^/]+\/files\//,
      },
      // The templates that this repository uses itself.
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
    peers: { 'aws-cdk-lib': '^2.270.0', constructs: '^10.8.1' },
    peersAreDeclared: true,
    files: [
      {
        // Its code stands in one file: what it reads has to stand beside that.
        from: 'libs/infra-ecr/src/monitoring/measure-repositories.js',
        to: 'dist/measure-repositories.js',
      },
      { from: 'tools/pack/src/readme/infra-ecr.md', to: 'README.md' },
      license,
    ],
    types: true,
  },
} as const satisfies Record<string, PackageDefinition>;

export type PackageName = keyof typeof packages;
