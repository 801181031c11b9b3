import { applyRules, type Check } from '../check';
import { type ImageToVerify } from '../image-to-verify';
import { configRules } from './config-rules';
import { fileRules } from './file-rules';

/** Checks an image without running it. */
export async function checkImage(image: ImageToVerify): Promise<Check[]> {
  const checks = await applyRules([...configRules, ...fileRules], image);
  // Several layers or platforms may have the same problem.
  return checks.map((check) => ({ ...check, details: [...new Set(check.details)] }));
}
