import { Agent, request } from 'node:http';

const agent = new Agent({ keepAlive: true });

interface Options {
  readonly body?: string;
  readonly token?: string;
}

/** GET, or POST with a body. @returns the response's text @throws Error for a status other than 200 and 201 */
export function fetchText(url: string, options: Options = {}): Promise<string> {
  const { body, token } = options;
  return new Promise((resolve, reject) => {
    const headers = {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
      }),
    };
    const sent = request(url, { agent, method: body === undefined ? 'GET' : 'POST', headers });
    sent.on('error', (error: NodeJS.ErrnoException) => {
      // The server has closed an idle connection while the request was on its way. A write can be repeated.
      const isClosed = sent.reusedSocket && error.code === 'ECONNRESET';
      if (isClosed) fetchText(url, options).then(resolve, reject);
      else reject(error);
    });
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('error', reject);
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        if (response.statusCode === 200 || response.statusCode === 201) resolve(text);
        else reject(new Error(`${url}: HTTP ${response.statusCode}: ${text}`));
      });
    });
    sent.end(body);
  });
}

export const closeConnections = (): void => agent.destroy();
