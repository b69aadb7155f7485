import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { environment } from '../e2e/service-scene.ts';
import { startProgram } from '../start-program.ts';
import { until } from '../until.ts';
import { runWorkers } from './workers-scene.ts';

describe('three workers', () => {
  test('share the calls, and take no more of them together than MAX_CONCURRENT_CALLS', async (context) => {
    const parley = await runWorkers(context, { MAX_CONCURRENT_CALLS: '6', FALLBACK_DESTINATION: '' });
    await parley.talking(6);
    expect(parley.countOf('streamStarted')).toEqual({ w0: 2, w1: 2, w2: 2 });
    expect((await fetch(`${parley.url}/readyz`)).status).toBe(503);
    expect(await parley.call().ended).toMatchObject({ endReason: 'rejected' });
    expect((await fetch(`${parley.url}/healthz`)).status).toBe(200);

    parley.hangUp();
    // Each was told by a status callback, whose address names no worker.
    await until('all ends', () => parley.named('callEnded').length === 6);
    expect(parley.countOf('callEnded')).toEqual({ w0: 2, w1: 2, w2: 2 });
    await until('readiness', async () => (await fetch(`${parley.url}/readyz`)).status === 200);
  });

  test('prove to be one service, whichever answers', async (context) => {
    const parley = await runWorkers(context, {});
    const prove = async (): Promise<string> => (await fetch(`${parley.url}/identity?nonce=${'n'.repeat(32)}`)).text();
    const first = await prove();
    // The next one to be asked is another.
    await parley.talking(1);
    await until('the load is told', async () => (await fetch(`${parley.url}/readyz`)).status === 200);
    expect([first.length, await prove()]).toEqual([43, first]);
  });

  test('lose none of their calls when one of them is killed: its own go on in the next one', async (context) => {
    const parley = await runWorkers(context, {});
    await parley.talking(6);
    await parley.greeted(6);
    process.kill(parley.pidOf('w1'), 'SIGKILL');
    await until('both calls go on', () => parley.named('restored').length === 2);
    expect(parley.countOf('restored')).toEqual({ w1: 2 });
    await until('their streams', () => parley.named('streamStarted').length === 8);
    expect(parley.countOf('streamStarted')).toEqual({ w0: 2, w1: 4, w2: 2 });
    expect(parley.named('workerEnded')).toMatchObject([{ instance: 'w1', signal: 'SIGKILL' }]);
    expect(parley.named('callEnded')).toEqual([]);

    parley.hangUp();
    await until('all ends', () => parley.named('callEnded').length === 6);
    expect(parley.named('callEnded').map(({ reason }) => reason)).toEqual(Array(6).fill('callerHungUp'));
  });

  test.for([
    ['the first process', []],
    ['every process', ['w0', 'w1', 'w2']],
  ] as const)(
    'are drained together on SIGTERM to %s, and the program ends with its last call',
    async ([, also], context) => {
      const parley = await runWorkers(context, { FALLBACK_DESTINATION: '' });
      await parley.talking(3);
      for (const worker of also) process.kill(parley.pidOf(worker), 'SIGTERM');
      parley.process.kill('SIGTERM');
      await until('all drain', () => parley.named('draining').length === 4);
      expect(await parley.call().ended).toMatchObject({ endReason: 'rejected' });
      expect(parley.process.exitCode).toBeNull();
      parley.hangUp();
      expect(await parley.exitCode).toBe(0);
      expect(parley.named('stopped')).toMatchObject([{ cutOff: 0 }, { cutOff: 0 }, { cutOff: 0 }]);
    },
  );

  test('leave their calls and end when nobody hands them connections any more', async (context) => {
    const parley = await runWorkers(context, {});
    await parley.talking(3);
    parley.process.kill('SIGKILL');
    await parley.exitCode;
    expect(parley.countOf('callReleased')).toEqual({ w0: 1, w1: 1, w2: 1 });
    expect(parley.named('stopped')).toHaveLength(3);
  });
});

test('what keeps a worker from starting is said once, and ends the program with status 1', async () => {
  const child = startProgram({ ...environment('http://127.0.0.1:1'), WORKERS: '2', LOOKUP_FILE: 'no/such/orders.csv' });
  let said = '';
  child.stderr.on('data', (data: Buffer) => (said += data.toString()));
  const [exitCode]: unknown[] = await once(child, 'close');
  expect(exitCode).toBe(1);
  expect(said).toMatch(/^.*no\/such\/orders\.csv.*cannot be read: it does not exist.*\n$/);
});
