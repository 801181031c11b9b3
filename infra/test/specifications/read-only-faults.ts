import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import { resourcesOf, type Templates } from './template';

/** Loading it takes a second. */
let loaded: ReturnType<typeof loadAwsServiceSpecSync> | undefined;

/** Properties that CloudFormation only returns, such as `Arn`: `Fn::GetAtt` reads them, and a template cannot set them. */
export function readOnlyFaults(templates: Templates): string[] {
  loaded ??= loadAwsServiceSpecSync();
  const spec = loaded;
  return resourcesOf(templates).flatMap(({ where, resource: { Type, Properties = {} } }) => {
    const [type] = spec.lookup('resource', 'cloudFormationType', 'equals', Type);
    if (!type) return [`${where}: the service specification has no ${Type}`];
    return Object.keys(Properties)
      .filter((name) => name in type.attributes && !(name in type.properties))
      .map((name) => `${where}: ${name} of ${Type} is read-only`);
  });
}
