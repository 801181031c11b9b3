/** The base of every error of this package. `code` is stable; `message` says what was wrong and what to do. */
export abstract class ImageRegistryError extends Error {
  abstract readonly code: string;
  override get name(): string {
    return this.constructor.name;
  }
}
