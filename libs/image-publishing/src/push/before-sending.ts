import { OciError } from '@typerush/oci';
import { PipelineError } from '@typerush/pipeline-context';

/** What a push asks of registries before it sends anything: a failure there says that all is as it was. @throws PipelineError */
export async function beforeSending<T>(asking: Promise<T>): Promise<T> {
  try {
    return await asking;
  } catch (error) {
    if (!(error instanceof OciError)) throw error;
    throw new PipelineError(
      error.code,
      `${error.message}\nNothing has been sent, and every tag is where it was. Push again when it answers.`,
      { cause: error },
    );
  }
}
