import { randomBytes } from 'node:crypto';
import type { StartOptions } from './options';

/** A long-running process of the stack: its command, its address and its environment. */
export interface Program {
  readonly name: string;
  /** Relative to the workspace, run by Node. */
  readonly script: string;
  readonly args: readonly string[];
  readonly port: number;
  readonly portVariable: string;
  readonly readyPath: string;
  readonly env: Readonly<Record<string, string>>;
}

/** No daemon: it would outlive this start. */
export const quietNx = { NX_DAEMON: 'false', NX_TUI: 'false' };

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
          SERVICE_TOKEN: serviceToken,
          OUTBOX_DIR: options.OUTBOX_DIR,
        },
      },
    ],
  };
}

/**
 * The services from source and the page's development server, each of which reloads after a change. The data and the ports of
 * the services are those of `npm start`.
 */
export function planDevelopment(options: StartOptions): { services: Program[]; page: Program } {
  const { services } = planPrograms(options);
  const nx = 'node_modules/.bin/nx';
  const host = '127.0.0.1';
  return {
    services: services.map((service) => ({
      ...service,
      script: nx,
      args: ['run', `${service.name}:serve`],
      // A restart waits for no race and no balancer.
      env: { ...service.env, ...quietNx, SHUTDOWN_LIMIT: '100ms' },
    })),
    page: {
      name: 'web',
      script: nx,
      args: ['run', 'web:dev', `--port=${options.WEB_PORT}`, '--strictPort', `--host=${host}`],
      port: options.WEB_PORT,
      portVariable: 'WEB_PORT',
      readyPath: '/',
      env: { ...quietNx, GAME_SERVICE_URL: `http://${host}:${options.GAME_SERVICE_PORT}` },
    },
  };
}

function program(name: string, port: number, portVariable: string) {
  return {
    name,
    port,
    portVariable,
    script: `dist/apps/${name}/service/main.js`,
    args: [],
    readyPath: '/health/ready',
  };
}

function secret(): string {
  return randomBytes(32).toString('base64url');
}
