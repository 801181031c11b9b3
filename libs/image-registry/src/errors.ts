/** The base of every error of this package. `code` is stable; `message` names the problem and the remedy. */
export abstract class ImageRegistryError extends Error {
  abstract readonly code: string;
  override get name(): string {
    return this.constructor.name;
  }
}
