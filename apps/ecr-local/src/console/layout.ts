import { markup, type Markup } from './markup';
import { timeText } from './text-forms';

export const consolePaths = {
  repositories: '/',
  repository: '/_console/repository',
  image: '/_console/image',
  policy: '/_console/policy',
  stacks: '/_console/stacks',
  requests: '/_console/requests',
  style: '/_console/style.css',
} as const;

const sections = [
  ['Repositories', consolePaths.repositories],
  ['Stacks', consolePaths.stacks],
  ['Requests', consolePaths.requests],
] as const;

export interface PageFrame {
  readonly title: string;
  /** The section that it belongs to. */
  readonly section: (typeof sections)[number][0];
  readonly now: Date;
  /** The ARN of who looks at it; undefined if access is not controlled. */
  readonly viewer: string | undefined;
}

/** Until where the content begins, so that a page can also be sent in parts. */
export const pageStart = ({
  title,
  section,
  now,
  viewer,
}: PageFrame): Markup => markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} - ecr-local</title>
<link rel="stylesheet" href="${consolePaths.style}">
</head>
<body>
<header>
<strong>ecr-local</strong>
<nav aria-label="Sections"><ul>${sections.map(
  ([name, path]) =>
    markup`<li><a href="${path}"${name === section && markup` aria-current="page"`}>${name}</a></li>`,
)}</ul></nav>
<p>${viewer !== undefined && markup`<span>${viewer}</span>`}<span>Clock: ${timeText(now)} UTC</span></p>
</header>
<main>
<h1>${title}</h1>
`;

export const pageEnd = markup`</main>
</body>
</html>
`;

export const page = (frame: PageFrame, ...body: readonly Markup[]): string =>
  markup`${pageStart(frame)}${body}${pageEnd}`.text;

/** A table that scrolls by itself where the window is narrow. */
export const table = (caption: string, head: readonly string[], rows: readonly Markup[]): Markup =>
  markup`<div class="scroll" tabindex="0" role="region" aria-label="${caption}">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${head.map((name) => markup`<th scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;

/**
 * Commands to copy, by what they do. The Tab key goes to a field with its text selected, which needs no script.
 */
export const commands = (all: Readonly<Record<string, string>>): Markup =>
  markup`<h2>Commands</h2>
    ${Object.entries(all).map(
      ([label, command]) =>
        markup`<label class="command">${label}<input readonly value="${command}" /></label>`,
    )}`;

/** A link to a page about something in a registry. */
export function linkTo(path: string, parameters: Readonly<Record<string, string>>): string {
  return `${path}?${new URLSearchParams(parameters).toString()}`;
}
