import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { startArguments } from '../../dev/siege/start-arguments.ts';
import { compileCache } from '../compile-cache.ts';
import { until } from '../until.ts';
import { environment } from '../e2e/service-scene.ts';

test('no signal opens an inspector into a service that npm start has started', async ({ onTestFinished }) => {
  const env = { ...compileCache, ...environment('http://127.0.0.1:1') };
  const child = spawn(process.execPath, startArguments(), { env, stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (said += data.toString()));
  await until('it listens', () => said.includes('"msg":"listening"'));

  child.kill('SIGUSR1');
  // Node opens its inspector beside the program, so what is said here comes no sooner.
  const { port } = /"port":(?<port>\d+)/.exec(said)?.groups ?? {};
  for (let times = 0; times < 20; times += 1) await fetch(`http://127.0.0.1:${port}/healthz`);
  child.kill('SIGTERM');
  expect(await once(child, 'close')).toEqual([0, null]);
  expect(said).not.toContain('Debugger listening');
});

/** Keeps objects of one place in the code so long that V8, each time it collects, looks whether that place should make old ones. */
const keeper = `process.on('exit', () => {
  const kept = new Array(100_000).fill(null);
  for (let made = 0; made < 1_000_000; made += 1) kept[made % kept.length] = { made, audio: null };
});`;

// Frames of a caller who waits for the greeting are kept for seconds. So V8 made the frames of all calls old from the start, and found them
// and their sound to be garbage only by marking the whole heap, again and again.
test('no object of a service that npm start has started is old from the start', () => {
  const { status, stdout } = spawnSync(
    process.execPath,
    [
      '--trace-pretenuring-statistics',
      '--import',
      `data:text/javascript,${encodeURIComponent(keeper)}`,
      ...startArguments(),
      '--help',
    ],
    { encoding: 'utf8', env: { ...compileCache } },
  );
  expect(status).toBe(0);
  expect(stdout).toContain('Usage: npm start');
  expect(stdout).not.toContain('pretenuring');
});
