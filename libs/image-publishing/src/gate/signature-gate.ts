import { type ServiceImage } from '@typerush/pipeline-context';
import { type Gate } from './gate';

/** An image passes if one of the signers has signed it that registry.json names for the environment, or if it names none. */
export function signatureGate(service: Pick<ServiceImage, 'signers' | 'workspaceRoot'>): Gate {
  const required = (service.signers ?? []).length > 0;
  return {
    description: required
      ? 'signature: of a signer that registry.json names'
      : 'signature: none required, registry.json names no signers',
    check: async ({ repository: name, content: source, digest }) => {
      if (!required) return;
      // Loaded only if it is needed: the libraries of Sigstore are large.
      const { requireSignature } = await import('@typerush/image-signatures');
      await requireSignature(service, { name, source, digest });
    },
  };
}
