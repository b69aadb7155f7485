import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'parley',
          include: ['test/*.test.ts', 'test/!(browser)/**/*.test.ts'],
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        // A browser plays and records sound in real time: its tests come last, one after the other, and have the machine to themselves.
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
    pool: 'threads',
    // Calls over real sockets mostly wait, so more files than cores can run at the same time. Each worker loads every module for itself.
    maxWorkers: 3,
    // The commands that tests start are compiled once for all of them, and never use the key of whoever develops here.
    env: { NODE_COMPILE_CACHE: join(tmpdir(), 'parley-compile-cache'), PARLEY_ENV_FILE: 'off' },
    // No test changes what a module keeps, so files share a worker: to load everything anew for each took a third of the time.
    isolate: false,
    // Node itself imports the modules, as it does for the service: what only a bundler understands fails here too, and nothing is transformed.
    experimental: { viteModuleRunner: false },
    // Far beyond what any test takes: a machine that is busy with other work must not fail one.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 60_000 } },
  },
});
