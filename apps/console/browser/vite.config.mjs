import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  base: '/control/',
  plugins: [react()],
  // Packages of ours are taken from their sources, as everywhere in this repository.
  resolve: { conditions: ['@corsac/source', 'module', 'browser', 'production', 'default'] },
  build: {
    outDir: '../dist/browser',
    emptyOutDir: true,
    // The policy of the page knows no inline script or picture.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
