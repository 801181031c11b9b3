// dual packages, and credential providers that are imported when they are needed
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';

async function main() {
  const client = new S3Client({
    region: 'eu-west-1',
    endpoint: 'http://127.0.0.1:1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
  });
  const failure = await client
    .send(new GetObjectCommand({ Bucket: 'bucket', Key: 'key' }))
    .catch((error) => error);
  console.log(failure.code, client.config.serviceId);
}
void main();
