import { type RequestHandler } from 'express';

/** A browser takes every response as the type that it has, and never guesses another. Mount it first. */
export const noSniff: RequestHandler = (_request, response, next) => {
  response.setHeader('x-content-type-options', 'nosniff');
  next();
};
