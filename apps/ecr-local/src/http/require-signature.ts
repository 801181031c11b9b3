import { type RequestHandler } from 'express';

/**
 * Any credentials are good here, but a request must be signed with some. Every AWS client signs; a form on a web page, which
 * a browser would send here without asking, cannot.
 */
export const requireSignature: RequestHandler = (request, response, next) => {
  if (request.get('authorization')?.startsWith('AWS4-HMAC-SHA256 ')) return next();
  const __type = 'MissingAuthenticationTokenException';
  const message = 'Missing Authentication Token: sign the request, with any access key.';
  response.setHeader('x-amzn-errortype', __type);
  response.setHeader('content-type', 'application/x-amz-json-1.1');
  response.status(400).end(JSON.stringify({ __type, message }));
};
