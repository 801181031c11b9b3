import { type ServiceImage } from '@typerush/pipeline-context';
import { readSigners } from './signature-policy';
import { type SignedImage, type VerifiedSignature, verifySignature } from './verify-signature';

/**
 * Enforces the signers of an environment before an image is moved or deployed to it.
 * @returns undefined if registry.json requires no signature for the environment
 * @throws PipelineError `SIGNATURE_MISSING`, `SIGNATURE_INVALID`, `SIGNER_INVALID`
 */
export async function requireSignature(
  { signers = [], workspaceRoot }: Pick<ServiceImage, 'signers' | 'workspaceRoot'>,
  image: SignedImage,
): Promise<VerifiedSignature | undefined> {
  if (signers.length === 0) return undefined;
  return verifySignature(image, await readSigners(signers, workspaceRoot));
}
