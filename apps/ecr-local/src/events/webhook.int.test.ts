import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type EventBridgeEvent } from './event';
import { createWebhook, type Webhook, type WebhookOptions } from './webhook';

const eventOf = (id: string): EventBridgeEvent => ({
  version: '0',
  id,
  'detail-type': 'ECR Image Action',
  source: 'aws.ecr',
  account: '000000000000',
  time: '2026-01-01T00:00:00Z',
  region: 'ap-southeast-1',
  resources: [],
  detail: {},
});

let received: string[];
let dropped: string[];
let answer: (response: ServerResponse) => void;
let webhook: Webhook;
let close: () => Promise<void>;

async function start(options: Partial<WebhookOptions> = {}) {
  received = [];
  dropped = [];
  const server = createServer((request: IncomingMessage, response) => {
    void text(request).then((body) => {
      received.push((JSON.parse(body) as EventBridgeEvent).id);
      answer(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`;
  const onDrop: WebhookOptions['onDrop'] = ({ id }, reason) => dropped.push(`${id}: ${reason}`);
  webhook = createWebhook({ url, delaysMs: [1, 1], onDrop, ...options });
  close = async () => {
    await webhook.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
}
afterEach(() => close());

const until = async (condition: () => boolean) => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
};

describe('createWebhook', () => {
  it('posts events in their order', async () => {
    answer = (response) => response.end();
    await start();
    const ids = ['a', 'b', 'c', 'd'];
    for (const id of ids) webhook.publish(eventOf(id));
    await until(() => received.length === ids.length);
    expect([received, dropped]).toEqual([ids, []]);
  });

  it('retries an event, and continues with the next one after the last attempt', async () => {
    answer = (response) => response.writeHead(received.at(-1) === 'bad' ? 503 : 200).end();
    await start();
    for (const id of ['bad', 'good']) webhook.publish(eventOf(id));
    await until(() => received.includes('good'));
    expect(received).toEqual(['bad', 'bad', 'bad', 'good']);
    expect(dropped).toEqual(['bad: the response is 503']);
  });

  it('drops the oldest event if the queue is full', async () => {
    answer = () => undefined;
    await start({ capacity: 2 });
    webhook.publish(eventOf('sent'));
    await until(() => received.length === 1);
    for (const id of ['a', 'b', 'c', 'd']) webhook.publish(eventOf(id));
    expect(dropped).toEqual(['a: the queue is full', 'b: the queue is full']);
  });

  it('ends an attempt that takes too long', async () => {
    answer = () => undefined;
    await start({ timeoutMs: 20, delaysMs: [] });
    webhook.publish(eventOf('a'));
    await until(() => dropped.length === 1);
    expect(dropped[0]).toMatch(/^a: .*(timeout|aborted)/);
  });

  it('reports an address that cannot be reached', async () => {
    answer = (response) => response.end();
    await start({ url: 'http://127.0.0.1:1/', delaysMs: [] });
    webhook.publish(eventOf('a'));
    await until(() => dropped.length === 1);
  });

  it('closes at once, whatever is in the queue', async () => {
    answer = () => undefined;
    await start({ delaysMs: [60_000] });
    for (const id of ['a', 'b']) webhook.publish(eventOf(id));
    await until(() => received.length === 1);
    await webhook.close();
    expect(received).toEqual(['a']);
  });
});
