import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { AwsApiModel, awsError } from '@typerush/image-registry/testing';
import { type EcrTarget } from '../src/ecr-target';

/** What a test makes ECR answer: the output of an operation as the SDK returns it, or an error of it (`awsError`). */
export type FakeAnswer = (operation: string, input: Readonly<Record<string, unknown>>) => unknown;

/**
 * ECR's JSON protocol over HTTP, for answers that ecr-local does not give. Every request, answer and error is checked against
 * ECR's API model.
 */
export class FakeEcrApi {
  port = 0;
  /** What AWS could not have answered or been sent; the client under test may hide it. */
  private readonly faults: unknown[] = [];

  static async start(answer: FakeAnswer): Promise<FakeEcrApi> {
    const server = createServer();
    const fake = new FakeEcrApi(server);
    server.on('request', async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
      const input = JSON.parse(Buffer.concat(chunks).toString());
      const { status, body } = fake.respond(operation, input, answer);
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return fake;
  }

  private constructor(private readonly server: Server) {
    server.once('listening', () => (this.port = (server.address() as AddressInfo).port));
  }

  get target(): EcrTarget {
    return {
      endpoint: `http://127.0.0.1:${this.port}`,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    };
  }

  /** @throws Error of the model for the first answer that AWS could not give */
  async stop(): Promise<void> {
    this.server.closeAllConnections();
    if (this.server.listening) await new Promise((resolve) => this.server.close(resolve));
    if (this.faults.length > 0) throw this.faults[0];
  }

  private respond(operation: string, input: Record<string, unknown>, answer: FakeAnswer) {
    try {
      AwsApiModel.ecr.assertInput(operation, input);
      const output = answer(operation, input);
      if (!(output instanceof Error)) {
        return { status: 200, body: onTheWire(AwsApiModel.ecr.output(operation, output)) };
      }
      AwsApiModel.ecr.assertError(operation, output);
      return { status: 400, body: { __type: output.name, message: output.message } };
    } catch (fault) {
      this.faults.push(fault);
      return { status: 400, body: { __type: 'ValidationException', message: String(fault) } };
    }
  }
}

export { awsError };

/** Timestamps are seconds there. https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html */
function onTheWire(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (Array.isArray(value)) return value.map(onTheWire);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, onTheWire(each)]));
}
