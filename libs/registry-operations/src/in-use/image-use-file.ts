import { PipelineError } from '@typerush/pipeline-context';
import * as z from 'zod';
import { type ImageUse } from './image-use';

const schema = z.array(z.strictObject({ image: z.string().min(1), user: z.string().min(1) }));

/**
 * Images that programs outside of ECS and Lambda use.
 *
 * @param text `[{"image": "host/path:tag", "user": "who uses it"}]`
 * @throws PipelineError IMAGE_USES_INVALID
 */
export function parseImageUses(text: string, file: string): readonly ImageUse[] {
  const parsed = schema.safeParse(json(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.length ? ` (${issue.path.join('.')})` : '';
  throw new PipelineError(
    'IMAGE_USES_INVALID',
    `Cannot read the images in use from ${file}: it is not a list of images and their users${where}.\n` +
      'Nothing was checked.\n' +
      'Fix: write [{"image": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/acme/api:v1", "user": "the cluster in Berlin"}].',
  );
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
