import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateRepositoryCommand } from '@aws-sdk/client-ecr';
import { startServerProcess, tokenOf } from './server-process';

const signed = { authorization: 'AWS4-HMAC-SHA256 any' };
type Headers = Readonly<Record<string, string>>;

/** A server in its own process, with the repository `app`, and clients that send anything to it. */
export type HostileClients = Awaited<ReturnType<typeof startHostileClients>>;

export async function startHostileClients() {
  const folder = await mkdtemp(join(tmpdir(), 'hostile-'));
  const probe = join(folder, 'longest-block');
  const server = await startServerProcess(join(folder, 'data'), {
    variables: {
      NODE_OPTIONS: `--require=${join(__dirname, 'event-loop-probe.cjs')}`,
      EVENT_LOOP_PROBE: probe,
      LOG_LEVEL: 'info',
    },
    program: process.env['ECR_LOCAL_PROGRAM'],
  });
  // What loading the program took does not count.
  await server.client.send(new CreateRepositoryCommand({ repositoryName: 'app' }));
  await writeFile(probe, '0');
  const token = await tokenOf(server.client);
  const post = (path: string, body: string, headers: Headers) =>
    fetch(server.url + path, { method: 'POST', headers: { ...signed, ...headers }, body });
  const callTarget = (target: string, body: string, headers: Headers = {}) =>
    post('/', body, {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': target,
      ...headers,
    });
  const callForm = (parameters: Headers, headers: Headers = {}) =>
    post('/', new URLSearchParams(parameters).toString(), {
      'content-type': 'application/x-www-form-urlencoded',
      ...headers,
    });
  return {
    url: server.url,
    v2: (path: string, init?: RequestInit) =>
      fetch(server.url + path, {
        ...init,
        headers: { authorization: `Basic ${token}`, ...init?.headers },
      }),
    callEcr: (operation: string, body: string, headers?: Headers) =>
      callTarget(`AmazonEC2ContainerRegistry_V20150921.${operation}`, body, headers),
    callSsm: (operation: string, body: string) => callTarget(`AmazonSSM.${operation}`, body),
    callCloudFormation: (parameters: Headers, headers?: Headers) =>
      callForm({ Version: '2010-05-15', ...parameters }, headers),
    callSts: (parameters: Headers) => callForm({ Version: '2011-06-15', ...parameters }),
    callLocal: (path: string, body: string) =>
      post(`/_local/${path}`, body, { 'content-type': 'application/json' }),
    /** The longest time that the event loop did nothing else. */
    longestBlockMs: async () => Number(await readFile(probe, 'utf8')),
    isLive: async () => (await fetch(`${server.url}/health/live`)).ok,
    stop: async () => {
      await server.kill();
      await rm(folder, { recursive: true });
    },
  };
}
