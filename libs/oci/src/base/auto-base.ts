import { RegistryError } from '../registry/registry-error';
import { OciError } from '../errors';
import { type BaseCandidate, type BaseSource } from './base-source';

export interface AutoBaseOptions {
  readonly registry: BaseSource;
  readonly standIn: BaseSource;
  /** false for prod: an unreachable registry is an error there. */
  readonly allowStandIn: boolean;
  /** Called when the stand-in is taken, with the reason in one sentence. */
  readonly onFallback?: (message: string) => void;
}

/**
 * The registry's base image, or the stand-in when the registry cannot be reached.
 * @throws RegistryError when the registry answers, but not with the image; OciError `BASE_UNAVAILABLE` when it
 *   cannot be reached and a stand-in is not allowed
 */
export function autoBase(options: AutoBaseOptions): BaseSource {
  return {
    async resolve(reference): Promise<BaseCandidate> {
      try {
        return await options.registry.resolve(reference);
      } catch (error) {
        if (!(error instanceof RegistryError) || error.code !== 'UNREACHABLE') throw error;
        if (!options.allowStandIn) throw unavailable(reference, error);
        const standIn = await options.standIn.resolve(reference);
        options.onFallback?.(
          `${error.host} cannot be reached: a stand-in made from this machine's Node takes the place of ` +
            `${reference}, for ${standIn.platforms.join(', ')} alone.`,
        );
        return standIn;
      }
    },
  };
}

function unavailable(reference: string, cause: RegistryError): OciError {
  return new OciError(
    'BASE_UNAVAILABLE',
    `The base image ${reference} cannot be had, because ${cause.host} cannot be reached, and a stand-in is not ` +
      'allowed for this environment. Build where that registry can be reached, or name a mirror of the image.',
    { cause },
  );
}
