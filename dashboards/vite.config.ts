import { defineConfig } from 'vite';

const here = (path: string) => new URL(path, import.meta.url).pathname;

export default defineConfig({
  root: here('./web'),
  base: '/',
  publicDir: here('./web/public'),
  build: {
    outDir: here('../dist/dashboards/web'),
    emptyOutDir: true,
    target: 'es2022',
    // The gateway's content security policy knows neither data: addresses nor inline scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: true,
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8080', '/ws': { target: 'ws://127.0.0.1:8080', ws: true } } },
});
