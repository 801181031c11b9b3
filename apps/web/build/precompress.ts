import { createRequire } from 'node:module';
import { gzipSync } from 'fflate';
import { type BrotliWasmType } from 'brotli-wasm';
import { type Plugin } from 'vite';

// Its ES module fetches a file: URL, which Node cannot.
const { compress } = createRequire(import.meta.url)('brotli-wasm') as BrotliWasmType;

/** Types that a browser takes compressed; fonts and images are compressed already. */
const compressible = /\.(css|html|js|json|md|svg|txt|webmanifest)$/;

/**
 * Writes `<file>.br` and `<file>.gz` beside each file that becomes smaller. Compresses in WebAssembly and JavaScript, since
 * the output of Node's zlib differs between versions and CPUs, and an image must have the same digest everywhere.
 */
export function precompress(): Plugin {
  return {
    name: 'precompress',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      // After Vite has written index.html.
      order: 'post',
      handler(_options, bundle) {
        for (const [fileName, output] of Object.entries(bundle)) {
          if (!compressible.test(fileName)) continue;
          const content = Buffer.from(output.type === 'chunk' ? output.code : output.source);
          const emit = (suffix: string, source: Uint8Array) => {
            if (source.length >= content.length) return;
            this.emitFile({ type: 'asset', fileName: `${fileName}${suffix}`, source });
          };
          emit('.br', compress(content, { quality: 11 }));
          emit('.gz', gzipSync(content, { level: 9, mtime: 0 }));
        }
      },
    },
  };
}
