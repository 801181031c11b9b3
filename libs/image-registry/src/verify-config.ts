import { z } from 'zod';

const variableRule = 'the value of a variable, a text';
const nameRule = 'the name of a variable, such as "SERVICE_TOKEN"';
const pathRule = 'an absolute path, such as "/health/ready"';
const objectRule = 'a JSON object';

/** `verify` in an app's `image.json`: how the built image is run to see whether it works. */
export const verifyConfigSchema = z.strictObject(
  {
    env: z
      .record(
        z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, nameRule),
        z.string(variableRule),
        objectRule,
      )
      .optional()
      .describe('What the service needs in its environment to start; nothing secret'),
    ready: z
      .string(pathRule)
      .regex(/^\/[^\s?#]*$/, pathRule)
      .optional()
      .describe(
        'The path that answers 200 once the service can serve; leave it out where that waits for something that is not in the image, such as a database',
      ),
  },
  objectRule,
);
