import { atVersion } from '../versions';
import { type Framework } from './options';
import { type WorkspaceStyle } from './workspace-style';

export interface ServiceKind {
  readonly framework: Framework;
  /** With Socket.IO. */
  readonly websocket: boolean;
}

/** Dependencies of a service. */
export const dependenciesOf = ({ framework, websocket }: ServiceKind) => ({
  ...atVersion('pino', 'zod'),
  ...(framework === 'express' && atVersion('express')),
  ...(websocket && atVersion('socket.io')),
  ...(framework === 'nest' &&
    atVersion(
      '@nestjs/common',
      '@nestjs/core',
      '@nestjs/platform-express',
      'express',
      'reflect-metadata',
      'rxjs',
    )),
});

/** Dependencies of its tests and its compilation. */
export const devDependenciesOf = ({ framework, websocket }: ServiceKind) => ({
  ...(framework !== 'worker' && atVersion('@types/express')),
  ...(websocket && atVersion('socket.io-client')),
  ...atVersion('tsx'),
});

/** Tools that the workspace root has to depend on. */
export const toolsOf = ({ jestPreset }: WorkspaceStyle) => ({
  ...atVersion('@types/jest', '@types/node', 'esbuild', 'jest', 'typescript'),
  ...(!jestPreset && atVersion('@swc/core', '@swc/jest')),
});
