import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

interface ParameterRequest {
  readonly Name: string;
  readonly Value: string;
}

/**
 * What the scripts of a delivery call besides ECR and ECS, with the AWS CLI: parameters of Systems Manager, which ecr-local only
 * reads, and the builds of a CodeBuild project, of which no other runs.
 */
export class AwsServices {
  readonly parameters = new Map<string, string>();
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      const [, operation = ''] = String(request.headers['x-amz-target']).split('.');
      void json(request).then((input) => {
        const { status = 200, ...body } = this.answer(operation, input as ParameterRequest);
        response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
        response.end(JSON.stringify(body));
      });
    });
  }

  static async start(): Promise<AwsServices> {
    const services = new AwsServices();
    await new Promise<void>((resolve) => services.server.listen(0, '127.0.0.1', resolve));
    return services;
  }

  /** The variables with which the AWS CLI finds them. */
  get env(): Record<string, string> {
    const url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return { AWS_ENDPOINT_URL_CODEBUILD: url, AWS_ENDPOINT_URL_SSM: url };
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private answer(
    operation: string,
    { Name, Value }: ParameterRequest,
  ): { readonly status?: number } & Readonly<Record<string, unknown>> {
    switch (operation) {
      // https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
      case 'PutParameter':
        this.parameters.set(Name, Value);
        return { Version: 1, Tier: 'Standard' };
      case 'GetParameter': {
        const value = this.parameters.get(Name);
        if (value === undefined) return { status: 400, __type: 'ParameterNotFound' };
        return { Parameter: { Name, Type: 'String', Value: value, Version: 1 } };
      }
      // https://docs.aws.amazon.com/codebuild/latest/APIReference/API_BatchGetBuilds.html
      case 'ListBuildsForProject':
        return { ids: ['project:1'] };
      case 'BatchGetBuilds':
        return { builds: [] };
      default:
        return { status: 400, __type: 'InvalidAction' };
    }
  }
}
