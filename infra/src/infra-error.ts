/** A mistake in what the stacks are made from. `message` says where it is and what to do. */
export class InfraError extends Error {
  override readonly name = 'InfraError';

  constructor(
    readonly code:
      | 'NO_REGISTRY_CONFIG'
      | 'INVALID_DECLARATIONS'
      | 'DUPLICATE_DECLARATION'
      | 'UNKNOWN_ENVIRONMENT'
      | 'INVALID_SETTINGS',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
