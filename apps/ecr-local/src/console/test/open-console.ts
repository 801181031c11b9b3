import { CreateRepositoryCommand } from '@aws-sdk/client-ecr';
import { type LocalServer, startLocalServer } from '../../test/local-server';

export const repositoryName = 'hello/world';
export const inRepository = { registry: '000000000000/ap-southeast-1', name: repositoryName };

/** The space between tags has no meaning. */
export const withoutSpace = (text: string): string =>
  text.replace(/\s+/g, ' ').replace(/> /g, '>').replace(/ </g, '<');

/** An ecr-local with one repository, and its pages as a browser gets them. */
export interface OpenConsole {
  readonly server: LocalServer;
  open(path: string, parameters?: Readonly<Record<string, string>>): Promise<Response>;
  textOf(path: string, parameters?: Readonly<Record<string, string>>): Promise<string>;
  /** Sends the form of the workbench with the token of its page. */
  send(
    fields: Readonly<Record<string, string>>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Response>;
}

export async function openConsole(): Promise<OpenConsole> {
  const server = await startLocalServer();
  await server.client.send(new CreateRepositoryCommand({ repositoryName }));
  const open: OpenConsole['open'] = (path, parameters = {}) =>
    fetch(`${server.url}${path}?${new URLSearchParams(parameters).toString()}`, {
      headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' },
    });
  const textOf: OpenConsole['textOf'] = async (path, parameters) =>
    withoutSpace(await (await open(path, parameters)).text());
  const send: OpenConsole['send'] = async (fields, headers = {}) => {
    const page = await (await open('/_console/policy', inRepository)).text();
    const [, token = ''] = /name="token" value="([^"]+)"/.exec(page) ?? [];
    const body = new URLSearchParams({ token, ...inRepository, ...fields });
    const address = `${server.url}/_console/policy`;
    return fetch(address, { method: 'POST', body, headers, redirect: 'manual' });
  };
  return { server, open, textOf, send };
}
