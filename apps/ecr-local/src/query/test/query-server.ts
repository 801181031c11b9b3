import express from 'express';
import { type AddressInfo } from 'node:net';
import { createOpenAccess } from '../../access/access-control';
import { systemClock } from '../../clock';
import { type FakeRegistry, fakeRegistry } from '../../cloudformation/test/fake-registry';
import { StackStore } from '../../cloudformation/stacks/stack-store';
import { createMemoryDocuments } from '../../storage/memory/memory-storage';
import { createQueryApi } from '../query-api';

export interface QueryServer {
  readonly url: string;
  readonly registry: FakeRegistry;
  /** Names of the actions that were called, in order. */
  readonly actions: string[];
  createStack(name: string, templateBody: string): Promise<void>;
  stop(): Promise<void>;
}

/** The Query API over a fake registry, on a port of its own. */
export async function startQueryServer(): Promise<QueryServer> {
  const registry = fakeRegistry();
  const location = { accountId: '000000000000', region: 'ap-southeast-1' };
  const actions: string[] = [];
  const note = (fields: object) => {
    if ('action' in fields) actions.push(String(fields.action));
  };
  const app = express();
  app.use(
    await createQueryApi({
      ...location,
      clock: systemClock,
      stacks: await StackStore.open(createMemoryDocuments(), location),
      ecr: registry,
      access: createOpenAccess({ account: location.accountId, region: location.region }),
      log: { info: note, warn: () => undefined, error: () => undefined },
    }),
  );
  const listening = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => listening.once('listening', resolve));
  const url = `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
  return {
    url,
    registry,
    actions,
    createStack: async (name, templateBody) => {
      const form = {
        Action: 'CreateStack',
        Version: '2010-05-15',
        StackName: name,
        TemplateBody: templateBody,
      };
      const response = await fetch(url, { method: 'POST', body: new URLSearchParams(form) });
      if (!response.ok) throw new Error(await response.text());
    },
    stop: () => new Promise((resolve) => listening.close(() => resolve())),
  };
}
