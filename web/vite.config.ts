import optimizeLocales from '@react-aria/optimize-locales-plugin';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // React Aria's own words, for the languages that src/words has.
  plugins: [{ ...optimizeLocales.vite({ locales: ['en-US', 'de-DE'] }), enforce: 'pre' }],
  build: {
    target: 'es2022',
    // Browsers that know light-dark(): written out for older ones, it would not follow the viewer's own dark.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // The security policy allows files and nothing inline: no data: URLs, no polyfill in the page.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The bundle's budget is measured by the tests.
    reportCompressedSize: false,
    // "use client" is for servers that render; there is none.
    rollupOptions: { onwarn: (warning, warn) => warning.code !== 'MODULE_LEVEL_DIRECTIVE' && warn(warning) },
  },
  // `npm run dev` serves what is in this folder only, and this.
  server: { fs: { allow: ['.', '../settings'] } },
  // Some wait for a hundred and twenty hashes, on a machine that builds beside them.
  test: { include: ['src/**/*.test.{ts,tsx}'], testTimeout: 20_000 },
});
