import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { type QueryServer, startQueryServer } from './test/query-server';

let server: QueryServer;
let sts: STSClient;

beforeAll(async () => {
  server = await startQueryServer();
  sts = new STSClient({
    endpoint: server.url,
    region: 'ap-southeast-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
});

afterAll(async () => {
  sts.destroy();
  await server.stop();
});

const post = (body: string) =>
  fetch(server.url, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
  });
