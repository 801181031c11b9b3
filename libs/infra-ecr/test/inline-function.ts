import { type Template } from 'aws-cdk-lib/assertions';
import { AwsApiModel } from '@typerush/image-registry/testing';

/** A call of the SDK: the name of the command, and its input. */
export interface SdkCall {
  readonly command: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** The package of its client. */
  readonly client?: string;
}

/** The clients of the runtime that a function may use. */
const models: Readonly<Record<string, AwsApiModel>> = {
  '@aws-sdk/client-ecr': AwsApiModel.ecr,
  '@aws-sdk/client-ecs': AwsApiModel.ecs,
  '@aws-sdk/client-lambda': AwsApiModel.lambda,
};

export type Answer = (call: SdkCall) => unknown;

/** Anything that is not a log line in CloudWatch's embedded metric format. */
export type Line = Readonly<Record<string, unknown>>;

/** The text that CloudFormation gets as the code of the only function of a template. */
export function inlineCode(template: Template): string {
  const [lambda, ...others] = Object.values(template.findResources('AWS::Lambda::Function'));
  if (!lambda || others.length > 0) throw new Error('there is not exactly one function');
  return lambda['Properties'].Code.ZipFile;
}

/** The environment variables of the only function of a template. */
export function inlineEnvironment(template: Template): Record<string, string> {
  const [lambda] = Object.values(template.findResources('AWS::Lambda::Function'));
  return lambda?.['Properties'].Environment.Variables;
}

/**
 * Runs that very text as Lambda runs it, over a client that answers as a test says, as far as AWS could: every request,
 * answer and error is checked against AWS's API models. Returns the lines that it wrote.
 */
export async function runInline(template: Template, answer: Answer): Promise<Line[]> {
  const lines: Line[] = [];
  // Collected, since the function under test may catch what its client throws.
  const faults: unknown[] = [];
  const checked = <T>(check: () => T): T => {
    try {
      return check();
    } catch (fault) {
      faults.push(fault);
      throw fault;
    }
  };
  const send = async (model: AwsApiModel, call: SdkCall): Promise<unknown> => {
    const { command, input } = call;
    checked(() => model.assertInput(command, input));
    let output: unknown;
    try {
      output = await answer(call);
    } catch (error) {
      checked(() => model.assertError(command, error));
      throw error;
    }
    return checked(() => model.output(command, output));
  };
  const client = (name: string, model: AwsApiModel) =>
    new Proxy(
      {},
      {
        get: (_, command: string) =>
          command.endsWith('Client')
            ? class {
                send = (call: SdkCall) => send(model, call);
              }
            : class implements SdkCall {
                readonly command = command.replace(/Command$/, '');
                readonly client = name;
                constructor(readonly input: Readonly<Record<string, unknown>>) {}
              },
      },
    );
  const module: { handler?: () => Promise<void> } = {};
  const load = new Function('require', 'exports', 'process', 'setTimeout', inlineCode(template));
  load(
    (name: string) => {
      const model = models[name];
      if (!model) throw new Error(`the runtime has no ${name}`);
      return client(name, model);
    },
    module,
    {
      env: { AWS_REGION: 'ap-southeast-1', ...inlineEnvironment(template) },
      stdout: { write: (line: string) => lines.push(JSON.parse(line)) },
    },
    setImmediate,
  );
  try {
    await module.handler?.();
  } finally {
    // eslint-disable-next-line no-unsafe-finally -- a fake that AWS could not be explains whatever else failed
    if (faults.length > 0) throw faults[0];
  }
  return lines;
}

/** The actions of the calls that no policy of the template allows. */
export function callsBeyondRole(template: Template, calls: readonly SdkCall[]): string[] {
  const statements = Object.values(template.findResources('AWS::IAM::Policy')).flatMap(
    (policy): { Action: string | string[] }[] => policy['Properties'].PolicyDocument.Statement,
  );
  const granted = new Set(statements.flatMap(({ Action }) => Action));
  const called = new Set(calls.map(({ command }) => `ecr:${command}`));
  return [...called].filter((action) => !granted.has(action));
}

interface EmbeddedMetrics {
  readonly _aws: {
    readonly Timestamp: number;
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
    }[];
  };
}

/**
 * The metrics that CloudWatch makes of a line, as `namespace name {dimension=value}`.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function metricsOf(line: Line): Map<string, number> {
  const { _aws } = line as unknown as Partial<EmbeddedMetrics>;
  return new Map(
    (_aws?.CloudWatchMetrics ?? []).flatMap(({ Namespace, Dimensions, Metrics }) =>
      Dimensions.flatMap((names) =>
        Metrics.map(({ Name }): [string, number] => [
          `${Namespace} ${Name} {${names.map((name) => `${name}=${line[name]}`).join(',')}}`,
          line[Name] as number,
        ]),
      ),
    ),
  );
}
