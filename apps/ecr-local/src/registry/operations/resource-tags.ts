import { z } from 'zod';
import { EcrError } from '../../errors/ecr-error';
import { addressedByArn } from '../addressed';
import { type EcrService, type ResourceTag } from '../ecr-service';
import { type Registry } from '../registry';
import { operation } from '../requests';

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-using-tags.html#tag-restrictions */
const limits = { tags: 50, key: 128, value: 256 };

export const resourceTagsField = z.array(z.strictObject({ Key: z.string(), Value: z.string() }));

/** The tags after the new ones were set over the old. Throws InvalidTagParameter- and TooManyTagsException. */
export function withResourceTags(
  old: readonly ResourceTag[],
  added: readonly ResourceTag[],
): ResourceTag[] {
  added.forEach(checkTag);
  const byKey = new Map([...old, ...added].map((tag) => [tag.Key, tag]));
  if (byKey.size > limits.tags) {
    throw new EcrError('TooManyTagsException', `A repository can have at most ${limits.tags} tags`);
  }
  return [...byKey.values()];
}

function checkTag({ Key, Value }: ResourceTag): void {
  const problem =
    Key.length < 1 || Key.length > limits.key
      ? `The tag key '${Key}' must have 1 to ${limits.key} characters`
      : Value.length > limits.value
        ? `The value of the tag '${Key}' must have at most ${limits.value} characters`
        : /^aws:/i.test(Key)
          ? `The tag key '${Key}' must not start with 'aws:', which is reserved`
          : undefined;
  if (problem) throw new EcrError('InvalidTagParameterException', problem);
}

export function resourceTagOperations(
  registry: Registry,
): Pick<EcrService, 'tagResource' | 'untagResource' | 'listTagsForResource'> {
  return {
    tagResource: operation(
      z.strictObject({ resourceArn: z.string(), tags: resourceTagsField }),
      async ({ resourceArn, tags }) => {
        const { name } = addressedByArn(registry, resourceArn);
        await registry.repositories.update(name, (current) => ({
          ...current,
          resourceTags: withResourceTags(current.resourceTags, tags),
        }));
        return {};
      },
    ),
    untagResource: operation(
      z.strictObject({ resourceArn: z.string(), tagKeys: z.array(z.string()) }),
      async ({ resourceArn, tagKeys }) => {
        const { name } = addressedByArn(registry, resourceArn);
        await registry.repositories.update(name, (current) => ({
          ...current,
          resourceTags: current.resourceTags.filter(({ Key }) => !tagKeys.includes(Key)),
        }));
        return {};
      },
    ),
    listTagsForResource: operation(
      z.strictObject({ resourceArn: z.string() }),
      ({ resourceArn }) => ({
        tags: addressedByArn(registry, resourceArn).resourceTags,
      }),
    ),
  };
}
