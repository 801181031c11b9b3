import { type AwsLocation, partitionOf } from '../template/pseudo-parameters';
import { generatedName } from './generated-name';
import { type RecordedType, recordedTypes } from './recorded-types';
import { type ReferredResource, type ResourceHandler } from './resource-handler';

/** What the events and the log say of such a resource. */
export const recordedReason = 'recorded, not emulated';

/**
 * A type that is not emulated: nothing is made, but the resource is kept in its stack, and its `Ref` and its
 * attributes give plausible values, so that what refers to it can be deployed.
 */
export function createRecordedHandler(
  type: string,
  location: AwsLocation,
  newId: () => string,
): ResourceHandler {
  const known: RecordedType = Object.hasOwn(recordedTypes, type) ? (recordedTypes[type] ?? {}) : {};
  const arn = (resource: ReferredResource) => arnOf(type, known, location, nameOf(known, resource));
  return {
    emulated: false,
    immutable: known.name ? [known.name] : [],
    nameProperty: known.name,
    taggable: false,
    physicalId: (resource) => {
      const name = known.name && resource.properties[known.name];
      const id = known.idPrefix
        ? known.idPrefix + newId().replaceAll('-', '').slice(0, 17)
        : generatedName(resource, newId);
      const chosen = typeof name === 'string' ? name : id;
      return known.ref === 'arn' ? arnOf(type, known, location, withoutScheme(chosen)) : chosen;
    },
    ref: ({ physicalId }) => physicalId,
    attribute: (resource, name) => {
      if (name.endsWith('Arn')) return arn(resource);
      const property = Object.hasOwn(resource.properties, name)
        ? resource.properties[name]
        : undefined;
      return typeof property === 'string' ? property : `${nameOf(known, resource)}.${name}`;
    },
    exists: () => Promise.resolve(false),
    create: () => Promise.resolve({}),
    update: () => Promise.resolve({}),
    delete: () => Promise.resolve(),
  };
}

const withoutScheme = (name: string) => name.replace(/^https?:\/\//, '');

/** The name within the ARN, where the physical id is the ARN. */
function nameOf(known: RecordedType, { physicalId }: ReferredResource): string {
  return known.ref === 'arn'
    ? physicalId
        .split(/[:/]/)
        .slice(known.arn?.includes('/') ? 6 : 5)
        .join('/')
    : physicalId;
}

function arnOf(
  type: string,
  known: RecordedType,
  { accountId, region }: AwsLocation,
  name: string,
): string {
  const [, service = 'custom', kind = 'resource'] = type.split('::');
  const format = known.arn ?? `${service.toLowerCase()}:$region:$account:${kind.toLowerCase()}/{}`;
  const rest = format
    .replace('$region', region)
    .replace('$account', accountId)
    .replace('{}', () => (format.endsWith('/{}') ? name.replace(/^\//, '') : name));
  return `arn:${partitionOf(region)}:${rest}`;
}
