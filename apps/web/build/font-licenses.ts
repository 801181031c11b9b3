import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Plugin } from 'vite';

const require = createRequire(import.meta.url);

/** Ships the licence of each font in `licenses/`, as the SIL Open Font License demands of every copy of a font. */
export function fontLicenses(): Plugin {
  return {
    name: 'font-licenses',
    apply: 'build',
    generateBundle() {
      const { dependencies } = require('../package.json') as { dependencies: object };
      for (const name of Object.keys(dependencies)) {
        if (!name.startsWith('@fontsource')) continue;
        const source = readFileSync(require.resolve(`${name}/LICENSE`));
        this.emitFile({ type: 'asset', fileName: `licenses/${name.split('/')[1]}.txt`, source });
      }
    },
  };
}
