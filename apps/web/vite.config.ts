import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { earlyScript } from './build/early-script.ts';
import { fontLicenses } from './build/font-licenses.ts';
import { precompress } from './build/precompress.ts';

const { GAME_SERVICE_URL = 'http://127.0.0.1:3000' } = process.env;

export default defineConfig({
  plugins: [react(), earlyScript('/src/app/early-theme.js'), fontLicenses(), precompress()],
  // Relative to this folder: a build in any checkout has the same names and content.
  build: {
    outDir: '../../dist/apps/web',
    emptyOutDir: true,
    // The content security policy allows no data: URL.
    assetsInlineLimit: 0,
    // Every browser with the newest features of the page preloads modules itself.
    modulePreload: { polyfill: false },
    license: { fileName: 'licenses.md' },
  },
  server: {
    proxy: {
      '/api': GAME_SERVICE_URL,
      '/records': GAME_SERVICE_URL,
      '/v1': GAME_SERVICE_URL,
      '/socket.io': { target: GAME_SERVICE_URL, ws: true },
    },
  },
});
