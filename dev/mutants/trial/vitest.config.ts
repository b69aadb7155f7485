/**
 * Runs tests with a sabotaged file in place of its original, for `npm run mutants`. Nothing on disk changes.
 */
import { fileURLToPath } from 'node:url';
import { defineConfig, mergeConfig } from 'vitest/config';
import usual from '../../../vitest.config.ts';
import { sabotageInEnvironment } from './sabotage-order.ts';

const sabotage = sabotageInEnvironment();
const sabotaged = sabotage === null ? null : fileURLToPath(new URL(`../../../${sabotage.path}`, import.meta.url));

export default mergeConfig(
  usual,
  defineConfig({
    plugins: [
      {
        name: 'sabotage',
        enforce: 'pre',
        load: (id) => (id === sabotaged ? sabotage?.text : undefined),
        // What vitest keeps of a file from run to run does not know that it was sabotaged.
        configureVitest({ defineCacheKeyGenerator }) {
          defineCacheKeyGenerator(({ id }) => (id === sabotaged ? false : undefined));
        },
      },
    ],
    test: {
      // Node itself would read what lies on the disk.
      experimental: { viteModuleRunner: true },
      // Nor may a usual run find anything of these.
      fsModuleCachePath: fileURLToPath(new URL('../../../node_modules/.vitest-cache-mutants', import.meta.url)),
      // One that fails is enough.
      bail: 1,
      maxWorkers: 3,
      // What waits for ever shall not take longer than it must.
      testTimeout: 30_000,
      hookTimeout: 30_000,
      expect: { poll: { timeout: 15_000 } },
    },
  }),
);
