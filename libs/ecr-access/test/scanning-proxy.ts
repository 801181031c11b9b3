import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
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

interface ScanRequest extends Readonly<Record<string, unknown>> {
  readonly repositoryName: string;
  readonly imageId: { readonly imageDigest: string };
}

interface Answer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: string | Buffer;
}

/**
 * ecr-local with a scanner, and with a look at each request: a proxy that answers DescribeImageScanFindings itself, checked
 * against ECR's API model, and forwards everything else.
 */
export class ScanningProxy {
  scan: ScanAnswer = () => completeScan();
  /** Called with `PUT /v2/...`, for the ECR API `POST <operation>`, before a request is forwarded, and before its response is. */
  watch: (line: string, when: 'before' | 'after') => void | Promise<void> = () => undefined;
  /** A response in place of that of ecr-local, by a line as of `watch`. */
  refuse: (line: string) => { readonly status: number; readonly body: object } | undefined = () =>
    undefined;
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
    const answer =
      this.refusal(line) ??
      (operation === 'DescribeImageScanFindings'
        ? this.scanAnswer(JSON.parse(body.toString()))
        : await this.forward(request, body));
    await this.watch(line, 'after');
    response.writeHead(answer.status, answer.headers).end(answer.body);
  }

  private refusal(line: string): Answer | undefined {
    const refused = this.refuse(line);
    return refused && jsonAnswer(refused.status, refused.body);
  }

  private scanAnswer(input: ScanRequest): Answer {
    const operation = 'DescribeImageScanFindings';
    try {
      AwsApiModel.ecr.assertInput(operation, input);
      const answer = this.scan(input.repositoryName, input.imageId.imageDigest);
      if (!(answer instanceof Error))
        return jsonAnswer(200, AwsApiModel.ecr.output(operation, answer));
      AwsApiModel.ecr.assertError(operation, answer);
      return jsonAnswer(400, { __type: answer.name, message: answer.message });
    } catch (fault) {
      this.faults.push(fault);
      return jsonAnswer(400, { __type: 'ValidationException', message: String(fault) });
    }
  }

  /** Its own address takes the place of that of ecr-local. */
  private async forward({ method, url, headers }: IncomingMessage, body: Buffer): Promise<Answer> {
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
    const status = answer.statusCode ?? 502;
    return { status, headers: { ...answer.headers, ...changed, ...length }, body: sent };
  }
}

const jsonAnswer = (status: number, body: unknown): Answer => ({
  status,
  headers: { 'content-type': 'application/x-amz-json-1.1' },
  body: JSON.stringify(body),
});
