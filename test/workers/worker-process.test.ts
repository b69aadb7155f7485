import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, test, type TestContext } from 'vitest';
import { type Clock, systemClock } from '../../src/system/clock.ts';
import { WorkerProcess } from '../../src/workers/worker-process.ts';
import { compileCache } from '../compile-cache.ts';
import { LogLines } from '../log-lines.ts';
import { until } from '../until.ts';

const script = fileURLToPath(new URL('small-worker.ts', import.meta.url));

describe('a worker', () => {
  test('has the room that it has told, less the calls that it was given since, and none while it is silent', async (context) => {
    const scene = await start(context);
    await until('its load', () => scene.worker.state.room === 8);
    // Of its journal, and one that has begun.
    expect(scene.calls).toEqual(['CA1', 'CA2']);
    await scene.ask('a', true);
    expect(scene.worker.state).toEqual({ instance: 'w0', phase: 'up', room: 7, toldRoom: 8 });
    await scene.ask('b', false);
    expect(scene.worker.state.room).toBe(7);
    scene.nowMs = 3_000;
    expect(scene.worker.state.room).toBe(0);
  });

  test('that ends is started again, and answers what was asked meanwhile', async (context) => {
    const scene = await start(context);
    const first = await scene.ask('hello', false);
    expect(first).toBe(`${scene.children[0]?.pid} hello`);
    void scene.ask('end', false);
    await until('its end', () => scene.worker.state.phase === 'starting');
    expect(scene.worker.adminPort).toBeNull();
    const answers = await Promise.all([scene.ask('one', false), scene.ask('two', false)]);
    const pid = scene.children[1]?.pid;
    expect(answers.toSorted()).toEqual([`${pid} one`, `${pid} two`]);
    expect([scene.worker.adminPort, scene.worker.lives]).toEqual([1, 2]);
    expect(scene.log.named('workerEnded')).toMatchObject([{ instance: 'w0', code: 7, signal: null, restartMs: 0 }]);
  });

  test('that ends again and again is started ever later', async (context) => {
    const scene = await start(context);
    for (let life = 1; life <= 3; life += 1) {
      await until('it is up', () => scene.worker.lives === life && scene.worker.state.phase === 'up');
      scene.children.at(-1)?.kill('SIGKILL');
    }
    await until('three ends', () => scene.log.named('workerEnded').length === 3);
    expect(scene.log.named('workerEnded').map(({ restartMs }) => restartMs)).toEqual([0, 250, 1_000]);
  });

  test('that was well for a minute is started again at once', async (context) => {
    const scene = await start(context);
    scene.children[0]?.kill('SIGKILL');
    await until('it is up again', () => scene.worker.lives === 2 && scene.worker.state.phase === 'up');
    scene.nowMs = 60_000;
    scene.children[1]?.kill('SIGKILL');
    await until('it is up again', () => scene.children.length === 3);
    expect(scene.log.named('workerEnded').map(({ restartMs }) => restartMs)).toEqual([0, 0]);
  });

  test('that dies with connections on their way to it leaves none of them open', async (context) => {
    const scene = await start(context);
    scene.children[0]?.kill('SIGSTOP');
    const answers = Promise.all(Array.from({ length: 300 }, async () => scene.ask('hello', false)));
    await until('they are on their way', () => scene.accepted === 300);
    scene.children[0]?.kill('SIGKILL');
    await answers;
    await until('it is up again', () => scene.worker.lives === 2 && scene.worker.state.phase === 'up');
    expect(await scene.ask('hello', false)).toBe(`${scene.children[1]?.pid} hello`);
  });

  test('that stands still is ended, and started again', async (context) => {
    const scene = await start(context, { lookMs: 10 });
    scene.children[0]?.kill('SIGSTOP');
    await until('the next one is up', () => scene.worker.lives >= 2 && scene.worker.state.phase === 'up');
    expect(scene.log.named('workerStill')[0]).toMatchObject({ instance: 'w0' });
  });

  test.for(['throws', 'fails'] as const)(
    'whose process cannot be made (it %s) is tried again',
    async (how, context) => {
      const scene = await start(context, { fails: how });
      scene.children[0]?.kill('SIGKILL');
      await until('it is up again', () => scene.worker.lives === 3 && scene.worker.state.phase === 'up');
      expect(scene.log.named('workerFailed')).toHaveLength(1);
    },
  );

  test('that is stopped is gone, and who asks it then is cut off', async (context) => {
    const scene = await start(context);
    await scene.worker.stop(0);
    expect(scene.worker.state).toMatchObject({ instance: 'w0', phase: 'gone', room: 0 });
    expect(await scene.ask('hello', false)).toBe('');
    expect(scene.log.named('workerEnded')).toEqual([]);
    expect(await scene.worker.start()).toBe(false);
  });
});

interface Scene {
  readonly worker: WorkerProcess;
  readonly children: readonly ChildProcess[];
  readonly calls: readonly string[];
  readonly log: LogLines;
  /** How many connections were given to it. */
  readonly accepted: number;
  /** The time, which stands still unless a test moves it. */
  nowMs: number;
  /** Gives it a connection of which this was read, and brings its answer; nothing if it was cut off. */
  ask(start: string, isNewCall: boolean): Promise<string>;
}

interface Wishes {
  /** How often it is looked whether it is silent, in place of each second. */
  readonly lookMs?: number;
  /** Its second process cannot be made: at once, or as the operating system tells a little later. */
  readonly fails?: 'throws' | 'fails';
}

/** Starts a small worker, which ends with the test. */
async function start({ onTestFinished }: TestContext, { lookMs = 1_000, fails }: Wishes = {}): Promise<Scene> {
  const children: ChildProcess[] = [];
  let forks = 0;
  let accepted = 0;
  const calls: string[] = [];
  const log = new LogLines();
  const clock: Clock = {
    ...systemClock,
    nowMs: () => scene.nowMs,
    after: (ms, fire) => systemClock.after(ms === 1_000 ? lookMs : ms, fire),
  };
  const worker = new WorkerProcess({
    instance: 'w0',
    callsMax: 10,
    fork() {
      forks += 1;
      if (forks === 2 && fails === 'throws') throw new Error('no room for another process');
      const execPath = forks === 2 && fails === 'fails' ? '/nowhere/node' : process.execPath;
      const child = fork(script, [], { serialization: 'advanced', env: { ...compileCache }, execPath });
      children.push(child);
      return child;
    },
    clock,
    log: log.logger,
    onCalls: (callSids) => calls.push(...callSids),
  });
  const taken: Socket[] = [];
  const server = createServer((socket) => taken.push(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    await worker.stop(0);
    for (const socket of taken) socket.destroy();
    server.close();
  });
  const scene: Scene = {
    worker,
    children,
    calls,
    log,
    get accepted() {
      return accepted;
    },
    nowMs: 0,
    async ask(asked, isNewCall) {
      const address = server.address();
      const socket = connect(typeof address === 'object' && address !== null ? address.port : 0, '127.0.0.1');
      socket.on('error', () => {});
      const other = await until('the connection', () => taken.pop());
      other.on('error', () => {});
      worker.give(other, Buffer.from(asked), isNewCall);
      accepted += 1;
      return text(socket).catch(() => '');
    },
  };
  expect(await worker.start()).toBe(true);
  return scene;
}
