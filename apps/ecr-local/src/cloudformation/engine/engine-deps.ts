import { type ResourceHandlers } from '../resources/resource-handler';
import { type StackStore } from '../stacks/stack-store';
import { type AwsLocation } from '../template/pseudo-parameters';

/** The log of the engine; a pino logger fits. */
export interface EngineLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface EngineDeps {
  readonly store: StackStore;
  readonly handlers: ResourceHandlers;
  readonly location: AwsLocation;
  readonly now: () => Date;
  readonly newId: () => string;
  readonly log: EngineLog;
}
