import { Controller, Get, Header } from '@nestjs/common';
import { describeApi, operations } from './openapi';

const description = describeApi();

/** The page needs no script, no style sheet and no other server. */
const policy = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'";

@Controller('docs')
export class DocsController {
  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', policy)
  page(): string {
    return page;
  }

  @Get('openapi.json')
  openapi(): object {
    return description;
  }
}

const rows = operations.map(
  ({ method, path, summary, isInternal }) =>
    `<tr><td>${method.toUpperCase()}<td><code>${path}</code><td>${summary}${isInternal ? ' For services.' : ''}`,
);

const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>record-service</title>
<h1>record-service</h1>
<p>The complete description, for programs: <a href="/docs/openapi.json">OpenAPI 3.1</a>.
<table>
<tr><th scope="col">Method<th scope="col">Path<th scope="col">Response
${rows.join('\n')}
</table>
</html>
`;
