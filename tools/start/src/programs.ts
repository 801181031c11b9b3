import { randomBytes } from 'node:crypto';
import type { StartOptions } from './options';

/** A long-running process of the stack: the bundle that runs, its address and its environment. */
export interface Program {
  readonly name: string;
  readonly bundle: string;
  readonly port: number;
  readonly portVariable: string;
  readonly readyPath: string;
  readonly env: Readonly<Record<string, string>>;
}

/** The stack in its order of start. Services share secrets that are generated for each start. */
export function planPrograms(options: StartOptions): { registry: Program; services: Program[] } {
  const serviceToken = secret();
  const url = (port: number) => `http://127.0.0.1:${port}`;
  return {
    registry: {
      ...program('ecr-local', options.ECR_LOCAL_PORT, 'ECR_LOCAL_PORT'),
      env: {
        ECR_LOCAL_PORT: String(options.ECR_LOCAL_PORT),
        ECR_LOCAL_DATA: options.ECR_LOCAL_DATA,
      },
    },
    services: [
      {
        ...program('record-service', options.RECORD_SERVICE_PORT, 'RECORD_SERVICE_PORT'),
        env: {
          PORT: String(options.RECORD_SERVICE_PORT),
          SERVICE_TOKEN: serviceToken,
          ...(options.DATABASE_URL
            ? { DATABASE_URL: options.DATABASE_URL }
            : { PGLITE_DIR: options.PGLITE_DIR }),
        },
      },
      {
        ...program('game-service', options.GAME_SERVICE_PORT, 'GAME_SERVICE_PORT'),
        env: {
          PORT: String(options.GAME_SERVICE_PORT),
          SESSION_SECRET: secret(),
          RECORD_SERVICE_URL: url(options.RECORD_SERVICE_PORT),
        },
      },
    ],
  };
}

function program(name: string, port: number, portVariable: string) {
  return {
    name,
    port,
    portVariable,
    bundle: `dist/apps/${name}/service/main.js`,
    readyPath: '/health/ready',
  };
}

function secret(): string {
  return randomBytes(32).toString('base64url');
}
