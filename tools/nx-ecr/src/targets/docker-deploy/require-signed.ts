import { EcrRepositories, type EcrTarget } from '@typerush/ecr-access';
import { type Environment, type RegistryConfig } from '@typerush/image-registry';
import { type Digest, RegistryClient, RemoteRepository } from '@typerush/oci';
import { PipelineError } from '@typerush/pipeline-context';

export interface ImageOfService {
  readonly service: string;
  readonly environment: Environment;
  readonly repository: string;
  /** `sha256:...` */
  readonly digest: string;
}

/**
 * Enforces the signers that registry.json names for the environment, before a service runs the image.
 * @throws PipelineError `SIGNATURE_MISSING`, `SIGNATURE_INVALID`, `SIGNER_INVALID`
 */
export async function requireSigned(
  { service, environment, repository: name, digest }: ImageOfService,
  {
    root,
    registry,
    target,
  }: { readonly root: string; readonly registry: RegistryConfig; readonly target: EcrTarget },
): Promise<void> {
  const signers = registry.signers?.[environment];
  if (!signers) return;
  // Loaded only if it is needed: the libraries of Sigstore are large.
  const { requireSignature } = await import('@typerush/image-signatures');
  const repository = await new EcrRepositories(target, { project: service, environment }).find(
    name,
  );
  const source = new RemoteRepository(new RegistryClient(repository), repository.path);
  const image = { name, source, digest: digest as Digest };
  await requireSignature({ signers, workspaceRoot: root }, image).catch((error: unknown) => {
    if (!(error instanceof PipelineError)) throw error;
    const [problem, ...fixes] = error.message.split('\nFix: ');
    const effect = `Cannot deploy ${service} to ${environment}. No service was changed.`;
    const message = [problem, effect, ...fixes.map((fix) => `Fix: ${fix}`)].join('\n');
    throw new PipelineError(error.code, message, { cause: error });
  });
}
