/** Invalid input of the stacks. `message` names the place and the remedy. */
export class InfraError extends Error {
  override readonly name = 'InfraError';

  constructor(
    readonly code:
      | 'NO_REGISTRY_CONFIG'
      | 'DECLARATIONS_INVALID'
      | 'DUPLICATE_DECLARATION'
      | 'UNKNOWN_ENVIRONMENT'
      | 'SETTINGS_INVALID',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
