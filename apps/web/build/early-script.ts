import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Plugin } from 'vite';

/**
 * Ships a classic script of index.html, which Vite leaves as it is: under a name with its hash, so that it can be cached for
 * ever.
 *
 * @param source as in index.html, such as `/src/app/early.js`
 */
export function earlyScript(source: string): Plugin {
  const content = readFileSync(join(import.meta.dirname, '..', source), 'utf8');
  const hash = createHash('sha256').update(content).digest('base64url').slice(0, 8);
  const fileName = `assets/early-${hash}.js`;
  return {
    name: 'early-script',
    apply: 'build',
    transformIndexHtml: {
      order: 'pre',
      handler: (html) =>
        html.replace(`<script src="${source}">`, `<script vite-ignore src="/${fileName}">`),
    },
    generateBundle() {
      this.emitFile({ type: 'asset', fileName, source: content });
    },
  };
}
