import { type Response } from 'express';
import { type ConsoleDeps, frameOf } from './console-data';
import { markup, type Markup } from './markup';
import { consolePaths, page, pageEnd, pageStart, table } from './layout';
import { type LoggedRequest } from './request-log';

const row = ({
  at,
  method,
  path,
  operation,
  status,
  answer,
  milliseconds,
}: LoggedRequest): Markup =>
  markup`<tr>
    <td><time datetime="${at.toISOString()}">${at.toISOString().slice(11, 19)}</time></td>
    <td class="wrap">${operation ?? `${method} ${path}`}${answer !== undefined && answerText(answer, status)}</td>
    <td class="${status < 400 ? 'good' : 'bad'}">${status}</td>
    <td class="number">${milliseconds} ms</td>
  </tr>`;

/** A failure is shown at once. */
const answerText = (answer: string, status: number): Markup =>
  status < 400
    ? markup`<details><summary>Answer</summary><code class="answer">${answer}</code></details>`
    : markup`<br /><code class="answer">${answer}</code>`;

const head = ['Time', 'Request', 'Status', 'Duration'];

/** Requests of everybody. @throws AccessError */
const requireRequests = ({ viewer, registries }: ConsoleDeps) =>
  viewer.require('ecr-local:ReadRequests', registries.own);

export function requestsPage(deps: ConsoleDeps): string {
  requireRequests(deps);
  const entries = [...deps.requests.latest()].reverse();
  return page(
    frameOf(deps, 'Requests'),
    markup`<p>
      <a href="${consolePaths.requests}?live">Follow new requests</a>, of the AWS API and of docker.
    </p>`,
    table(`The latest ${entries.length} requests, newest first`, head, entries.map(row)),
  );
}

/** A reader that takes nothing any more is disconnected. */
const mostUnreadBytes = 1_000_000;
const mostReaders = 20;
let readers = 0;

/** The page does not end: each new request is a further row. This needs no script. */
export function followRequests(deps: ConsoleDeps, response: Response): void {
  requireRequests(deps);
  const { requests } = deps;
  if (readers >= mostReaders) {
    response.status(503).type('text/plain').send('Too many pages follow the requests.\n');
    return;
  }
  readers += 1;
  const write = (part: Markup) => {
    if (response.writableLength > mostUnreadBytes) response.destroy();
    else response.write(part.text);
  };
  response.type('html');
  write(pageStart(frameOf(deps, 'Requests')));
  write(markup`<p><a href="${consolePaths.requests}">Stop following</a></p>
<div class="scroll" tabindex="0" role="region" aria-label="Requests"><table>
<caption>New requests are added at the end</caption>
<thead><tr>${head.map((name) => markup`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>`);
  requests.latest().forEach((entry) => write(row(entry)));
  const end = requests.follow((entry) => write(row(entry)));
  requests.onClose(() => response.end(markup`</tbody></table></div>${pageEnd}`.text));
  response.once('close', () => {
    readers -= 1;
    end();
  });
}
