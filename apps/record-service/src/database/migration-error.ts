import { ServiceError } from '@typerush/service-kit';

export type MigrationErrorCode =
  'MIGRATION_EDITED' | 'MIGRATION_FAILED_BEFORE' | 'MIGRATION_FAILED' | 'MIGRATION_LOCK_TIMEOUT';

/** Why the schema could not be brought up to date. Nothing that a failing migration did is kept. */
export class MigrationError extends ServiceError {
  constructor(
    code: MigrationErrorCode,
    message: string,
    options?: { cause?: unknown; details?: { migration: string } },
  ) {
    super(code, message, options);
  }
}
