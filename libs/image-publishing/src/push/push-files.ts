import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import { type ServiceImage, writeJson, writeText } from '@typerush/pipeline-context';
import { pushSummary } from './push-summary';
import { type PushRecord } from './push-record';

/**
 * Writes `push.json`, the two files that AWS CodePipeline's ECS actions read, each in its own format, and a summary for people.
 * @param stepSummary A file that gets the summary too.
 */
export async function writePushFiles(
  { outDir, source }: Pick<ServiceImage, 'outDir' | 'source'>,
  record: PushRecord,
  stepSummary?: string,
): Promise<void> {
  const file = (name: string) => path.join(outDir, name);
  const summary = pushSummary(record, source);
  // https://docs.aws.amazon.com/codepipeline/latest/userguide/file-reference.html
  const definitions = [{ name: record.service, imageUri: record.imageUri }];
  await writeJson(file('imagedefinitions.json'), definitions);
  await writeJson(file('imageDetail.json'), { ImageURI: record.imageUri });
  await writeText(file('summary.md'), summary);
  // The last one: where it is, the others are of the same push.
  await writeJson(file('push.json'), record);
  if (stepSummary) await appendFile(stepSummary, `${summary}\n`);
}
