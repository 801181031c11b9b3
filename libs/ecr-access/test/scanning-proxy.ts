import {
  createServer,
  type IncomingMessage,
  request as forward,
  type Server,
  type ServerResponse,
} from 'node:http';
import { type AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { AwsApiModel } from '@typerush/image-registry/testing';

/** An output of DescribeImageScanFindings as the SDK returns it, or an error of it (`awsError`). */
export type ScanAnswer = (repository: string, digest: string) => unknown;

export const completeScan = (...findings: object[]) => ({
  imageScanStatus: { status: 'COMPLETE' },
  imageScanFindings: { findings },
});

/**
 * ecr-local with a scanner, and with a look at each request: a proxy that answers DescribeImageScanFindings itself, checked
 * against ECR's API model, and forwards everything else.
 */
export class ScanningProxy {
  scan: ScanAnswer = () => completeScan();
  /** Called with `PUT /v2/...`, for the ECR API `POST <operation>`, before a request is forwarded and after its response. */
  watch: (line: string, when: 'before' | 'after') => void | Promise<void> = () => undefined;
  private readonly faults: unknown[] = [];
  private readonly server: Server;

  /** @param target `127.0.0.1:<port>` */
  private constructor(private readonly target: string) {
    this.server = createServer((request, response) => {
      this.handle(request, response).catch(() => request.socket.destroy());
    });
  }

  /** @param endpoint Of ecr-local. */
  static async start(endpoint: string): Promise<ScanningProxy> {
    const proxy = new ScanningProxy(new URL(endpoint).host);
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get endpoint(): string {
    return `http://${this.host}`;
  }

  /** @throws Error of the model for the first answer that AWS could not give */
  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    if (this.faults.length > 0) throw this.faults[0];
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const operation = request.headers['x-amz-target']?.toString().split('.').pop();
    const line = `${request.method} ${operation ?? request.url}`;
    const body = await buffer(request);
    await this.watch(line, 'before');
    if (operation === 'DescribeImageScanFindings')
      this.answerScan(JSON.parse(body.toString()), response);
    else await this.forward(request, body, response);
    await this.watch(line, 'after');
  }

  private answerScan(
    input: { readonly repositoryName: string; readonly imageId: { readonly imageDigest: string } },
    response: ServerResponse,
  ): void {
    const send = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(body));
    };
    const operation = 'DescribeImageScanFindings';
    try {
      AwsApiModel.ecr.assertInput(operation, input);
      const answer = this.scan(input.repositoryName, input.imageId.imageDigest);
      if (!(answer instanceof Error)) return send(200, AwsApiModel.ecr.output(operation, answer));
      AwsApiModel.ecr.assertError(operation, answer);
      send(400, { __type: answer.name, message: answer.message });
    } catch (fault) {
      this.faults.push(fault);
      send(400, { __type: 'ValidationException', message: String(fault) });
    }
  }

  /** Its own address takes the place of that of ecr-local. */
  private async forward(
    { method, url, headers }: IncomingMessage,
    body: Buffer,
    response: ServerResponse,
  ): Promise<void> {
    const [hostname, port] = this.target.split(':');
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const options = {
        hostname,
        port,
        method,
        path: url,
        headers: { ...headers, host: this.target },
      };
      forward(options, resolve).on('error', reject).end(body);
    });
    const content = await buffer(answer);
    const isText = /json/.test(answer.headers['content-type'] ?? '') && method === 'POST';
    const own = (text: string) => text.replaceAll(this.target, this.host);
    const sent = isText ? Buffer.from(own(content.toString())) : content;
    const changed = Object.fromEntries(
      (['location', 'link', 'www-authenticate'] as const).flatMap((name) => {
        const value = answer.headers[name];
        return value === undefined ? [] : [[name, own(String(value))]];
      }),
    );
    const length = method === 'HEAD' ? {} : { 'content-length': sent.length };
    response.writeHead(answer.statusCode ?? 502, { ...answer.headers, ...changed, ...length });
    response.end(sent);
  }
}
