/** Dependencies of generated code, at the versions that this repository is tested with; a test compares them. */
export const versions = {
  '@nestjs/common': '12.5.1',
  '@nestjs/core': '12.5.1',
  '@nestjs/platform-express': '12.5.1',
  '@swc/core': '1.16.18',
  '@swc/jest': '0.2.39',
  '@types/express': '5.0.6',
  '@types/jest': '30.0.0',
  '@types/node': '20.19.43',
  'aws-cdk': '2.1148.1',
  'aws-cdk-lib': '2.270.0',
  constructs: '10.8.1',
  esbuild: '0.28.2',
  express: '5.3.0',
  jest: '30.5.2',
  pino: '10.4.0',
  'reflect-metadata': '0.2.2',
  rxjs: '7.8.2',
  'socket.io': '4.8.4',
  'socket.io-client': '4.8.4',
  tsx: '4.23.15',
  typescript: '6.0.3',
  zod: '4.6.7',
} as const;

export type KnownPackage = keyof typeof versions;

/** Packages with their versions, as a package.json lists them. */
export const atVersion = (...packages: readonly KnownPackage[]): Record<string, string> =>
  Object.fromEntries(packages.map((name) => [name, versions[name]]));
