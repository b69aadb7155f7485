import { once } from 'node:events';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import type { JsonObject } from '../../src/encoding/json.ts';
import type { PhoneCall } from '../../src/sim/carrier/hosts/phone.ts';
import { startModelServer } from '../../src/sim/model/hosts/server.ts';
import { call, environment, geminiKey, greetsOnly } from '../e2e/service-scene.ts';
import { linesOf, type Program, startProgram } from '../start-program.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { toneClip } from '../tone.ts';
import { until } from '../until.ts';

const workers = 3;

/** The program with three workers, and the calls that a test has placed. */
export interface Parley {
  readonly process: Program;
  readonly url: string;
  readonly exitCode: Promise<unknown>;
  named(event: string): readonly JsonObject[];
  /** How many lines of an event each worker has written. */
  countOf(event: string): Readonly<Record<string, number>>;
  pidOf(worker: string): number;
  call(): PhoneCall;
  /** Places so many calls, each when the one before talks, and waits until their agents have greeted. */
  talking(count: number): Promise<void>;
  /** Waits until so many calls have heard their greeting. */
  greeted(count: number): Promise<void>;
  hangUp(): void;
}

/** Runs the program with three workers, which all answer. They end with the test. */
export async function runWorkers(context: TestContext, changes: Readonly<Record<string, string>>): Promise<Parley> {
  const clips = new Map([['beep', toneClip(600, 400, 'Beep.')]]);
  const model = await startModelServer({ script: greetsOnly, clips, apiKey: geminiKey });
  const folder = temporaryFolder(context);
  const child = startProgram({
    ...environment(model.url),
    WORKERS: String(workers),
    MAX_CONCURRENT_CALLS: '30',
    JOURNAL_FILE: join(folder, 'journal.sqlite'),
    ...changes,
  });
  const lines = linesOf(child);
  const exitCode = once(child, 'close').then(([code]: unknown[]) => code);
  const calls: PhoneCall[] = [];
  context.onTestFinished(async () => {
    for (const phone of calls) phone.hangUp();
    child.kill('SIGTERM');
    await exitCode;
    await model.close();
  });
  const named = (event: string): readonly JsonObject[] => lines.filter(({ msg }) => msg === event);
  await until('three workers', () => named('workerListening').length === workers);
  const [listening] = await until('a port', () => named('listening').length > 0 && named('listening'));
  const url = `http://127.0.0.1:${String(listening?.port)}`;
  const place = (): PhoneCall => {
    const phone = call(url);
    calls.push(phone);
    return phone;
  };
  return {
    process: child,
    url,
    exitCode,
    named,
    countOf: (event) =>
      Object.fromEntries(
        Object.entries(Object.groupBy(named(event), ({ instance }) => String(instance))).map(([name, all]) => [
          name,
          all?.length ?? 0,
        ]),
      ),
    pidOf: (worker) => Number(named('workerStarted').findLast(({ instance }) => instance === worker)?.pid),
    call: place,
    async talking(count) {
      for (let placed = 1; placed <= count; placed += 1) {
        place();
        await until(`stream ${placed}`, () => named('streamStarted').length >= placed);
      }
    },
    async greeted(count) {
      await until('greetings', () => named('transcript').length >= count);
    },
    hangUp() {
      for (const phone of calls) phone.hangUp();
    },
  };
}
