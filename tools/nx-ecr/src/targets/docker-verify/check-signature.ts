import { type ExecutorContext } from '@nx/devkit';
import { type Environment } from '@typerush/image-registry';
import { type Digest } from '@typerush/oci';
import {
  type PipelineEnvironment,
  PipelineError,
  type ServiceImage,
} from '@typerush/pipeline-context';
import { findInRepository } from '../find-image';

/** The problems with the signatures of an image in the repository of an environment, or the signer. */
export async function checkSignature(
  service: ServiceImage,
  digest: Digest,
  environment: Environment,
  workspace: ExecutorContext,
  machine: PipelineEnvironment,
): Promise<readonly string[] | { readonly measured: string }> {
  // Loaded only if it is requested: the libraries of Sigstore are large.
  const { requireSignature } = await import('@typerush/image-signatures');
  try {
    const { source } = await findInRepository(digest, { workspace, environment, machine });
    const image = { name: service.repository, source, digest };
    const verified = await requireSignature(service, image);
    if (verified) return { measured: `by ${verified.signer}` };
    return [`registry.json names no signers for ${environment}`];
  } catch (error) {
    if (!(error instanceof PipelineError) || !error.code.startsWith('SIGNATURE_')) throw error;
    const [problem = '', ...reasons] = error.message.split('\nFix: ')[0]?.split('\n') ?? [];
    return [problem, ...reasons.map((reason) => reason.trim())];
  }
}
