import { type PipeTransform } from '@nestjs/common';
import { parseRequest } from '@typerush/service-kit';
import { type z } from 'zod';

/** Validates a body, a query or a parameter at the edge. Throws ServiceError INVALID_REQUEST. */
export class SchemaPipe<S extends z.ZodType> implements PipeTransform<unknown, z.output<S>> {
  constructor(private readonly schema: S) {}

  transform(value: unknown): z.output<S> {
    return parseRequest(this.schema, value);
  }
}
