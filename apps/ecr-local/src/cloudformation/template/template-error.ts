import { validationError, type QueryError } from '../../query/query-error';

/** The template cannot be used; worded as CloudFormation does, since tools match on it. */
export const templateError = (problem: string): QueryError =>
  validationError(`Template error: ${problem}`);

export const templateFormatError = (problem: string): QueryError =>
  validationError(`Template format error: ${problem}`);
