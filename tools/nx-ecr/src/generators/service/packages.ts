import { atVersion } from '../versions';
import { type Framework } from './options';
import { type WorkspaceStyle } from './workspace-style';

export interface ServiceKind {
  readonly framework: Framework;
  /** With Socket.IO. */
  readonly websocket: boolean;
}

/** What a service imports. */
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

/** What its tests and its compilation need. */
export const devDependenciesOf = ({ framework, websocket }: ServiceKind) => ({
  ...(framework !== 'worker' && atVersion('@types/express')),
  ...(websocket && atVersion('socket.io-client')),
  ...atVersion('tsx'),
});

/** The tools that the workspace's root has to hold, where it does not. */
export const toolsOf = ({ jestPreset }: WorkspaceStyle) => ({
  ...atVersion('@types/jest', '@types/node', 'jest', 'typescript'),
  ...(!jestPreset && atVersion('@swc/core', '@swc/jest')),
});
