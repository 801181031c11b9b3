import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';

/** What AWS publishes about its services: https://github.com/cdklabs/awscdk-service-spec. Loading it takes a second. */
let loaded: ReturnType<typeof loadAwsServiceSpecSync> | undefined;
const spec = () => (loaded ??= loadAwsServiceSpecSync());

/** Metrics and events that AWS documents and the specification leaves out; reviewed on 2026-11-26. */
const unlistedMetrics: readonly string[] = [
  // https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-repository-metrics.html
  'AWS/ECR RepositoryPullCount {RepositoryName}',
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/monitor_estimated_charges_with_cloudwatch.html
  'AWS/Billing EstimatedCharges {Currency,ServiceName}',
];

/** As far as rules use them. https://docs.aws.amazon.com/inspector/latest/user/eventbridge-integration.html */
const unlistedEvents: readonly EventType[] = [
  {
    source: 'aws.inspector2',
    detailType: 'Inspector2 Finding',
    fields: [
      'severity',
      'status',
      'title',
      'resources.id',
      'resources.type',
      'resources.details.awsEcrContainerImage.repositoryName',
      'resources.details.awsEcrContainerImage.imageTags',
    ],
  },
];

interface EventType {
  readonly source: string;
  readonly detailType: string;
  /** The paths of the fields in `detail`. */
  readonly fields: readonly string[];
}

/** Every metric that AWS emits with dimensions, as `namespace name {dimension,...}`, the dimensions in their order there. */
export function isMetricOfAws(metric: string): boolean {
  if (unlistedMetrics.includes(metric)) return true;
  const [, namespace = '', name = '', dimensions = ''] =
    /^(\S+) (\S+) \{(.*)\}$/.exec(metric) ?? [];
  return spec()
    .lookup('metric', 'namespace', 'equals', namespace)
    .filter((each) => each.name === name)
    .flatMap((each) => spec().follow('usesDimensionSet', each))
    .some(
      ({ entity }) =>
        entity.dimensions
          .map((each) => each.name)
          .sort()
          .join() === dimensions.split(',').sort().join(),
    );
}

interface Pattern {
  readonly source?: readonly string[];
  readonly 'detail-type'?: readonly string[];
  readonly detail?: object;
}

/** What a pattern, or an event that a test makes up, has and no event of AWS. */
export function eventFaults({ source, detail, ...event }: Pattern): string[] {
  const [from, detailType] = [[source].flat()[0], [event['detail-type']].flat()[0]];
  const type = eventType(String(from), String(detailType));
  if (!type) return [`${from} emits no event "${detailType}"`];
  const known = (path: string) =>
    type.fields.some((field) => field === path || path.startsWith(`${field}.`));
  return pathsOf(detail ?? {})
    .filter((path) => !known(path))
    .map((path) => `"${detailType}" has no detail.${path}`);
}

function eventType(source: string, detailType: string): EventType | undefined {
  const listed = spec()
    .all('event')
    .find((each) => each.source === source && each.detailType === detailType);
  if (listed) return { source, detailType, fields: fieldsOf(listed.rootProperty) };
  return unlistedEvents.find((each) => each.source === source && each.detailType === detailType);
}

type Definition = Parameters<ReturnType<typeof spec>['get']>[1];

function fieldsOf(reference: Definition): string[] {
  const { properties } = spec().get('eventTypeDefinition', reference as never);
  return Object.entries(properties).flatMap(([name, { type }]) =>
    type.type === 'ref' ? fieldsOf(type.reference).map((field) => `${name}.${field}`) : [name],
  );
}

/** The paths of the values in a pattern or in an event; a list has the paths of its elements. */
function pathsOf(value: object): string[] {
  return Object.entries(value).flatMap(([key, child]: [string, unknown]) => {
    const children = (Array.isArray(child) ? child : [child]).filter(
      (each): each is object => typeof each === 'object' && each !== null && !isFilter(each),
    );
    if (key === '$or') return children.flatMap(pathsOf);
    return children.length === 0
      ? [key]
      : children.flatMap(pathsOf).map((path) => `${key}.${path}`);
  });
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html */
const isFilter = (value: object) =>
  Object.keys(value).every((key) => ['exists', 'prefix', 'numeric'].includes(key));
