import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'vitest';
import type { JsonObject } from '../../../src/encoding/json.ts';
import type { PhoneCall } from '../../../src/sim/carrier/hosts/phone.ts';
import { startModelServer } from '../../../src/sim/model/hosts/server.ts';
import { linesOf, type Program, startProgram } from '../../start-program.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { toneClip } from '../../tone.ts';
import { until } from '../../until.ts';
import { call, environment, geminiKey, greetsOnly } from '../service-scene.ts';

/** Runs the program until it gives up. */
export async function failing(changes: Readonly<Record<string, string>>) {
  const child = startProgram({ ...environment('http://127.0.0.1:1'), ...changes });
  const [stderr, [exitCode]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  return { exitCode, stderr };
}

/** The program while it runs. */
interface RunningProgram {
  readonly process: Program;
  readonly lines: readonly JsonObject[];
  readonly exitCode: Promise<unknown>;
  logs(name: string): Promise<JsonObject>;
  /** Audio that the model got. */
  heardBytes(): number;
  call(options?: Parameters<typeof call>[1]): PhoneCall;
}

/** Runs the program until it listens. It is killed when the test is over. */
export async function runProgram(
  { onTestFinished }: TestContext,
  changes: Readonly<Record<string, string>>,
): Promise<RunningProgram> {
  const clips = new Map([['beep', toneClip(600, 400, 'Beep.')]]);
  const model = await startModelServer({ script: greetsOnly, clips, apiKey: geminiKey });
  const child = startProgram({ ...environment(model.url), ...changes });
  const lines = linesOf(child);
  const exitCode = once(child, 'close').then(([code]: unknown[]) => code);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exitCode;
    await model.close();
  });
  const logs = (name: string) => until(name, () => lines.find(({ msg }) => msg === name));
  const { port } = await logs('listening');
  const calls: PhoneCall[] = [];
  onTestFinished(async () => {
    for (const phone of calls) phone.hangUp();
    await Promise.all(calls.map(({ ended }) => ended));
  });
  return {
    process: child,
    lines,
    exitCode,
    logs,
    heardBytes: () => model.sessions[0]?.audioReceived().length ?? 0,
    call(options = {}) {
      const phone = call(`http://127.0.0.1:${String(port)}`, options);
      calls.push(phone);
      return phone;
    },
  };
}

/** Breaks a program under a live call: `how` is the code before an error with words of a caller. Brings its log and its end. */
export async function crash(
  context: TestContext,
  how: string,
): Promise<{ readonly lines: readonly JsonObject[]; readonly exitCode: unknown }> {
  const breaks = `process.on('SIGUSR2', () => { ${how}(new RangeError('words of a caller')); });`;
  const parley = await runProgram(context, {
    JOURNAL_FILE: join(temporaryFolder(context), 'journal.sqlite'),
    NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(breaks)}`,
  });
  parley.call();
  await parley.logs('streamStarted');
  await parley.logs('journalOpened');
  parley.process.kill('SIGUSR2');
  return { lines: parley.lines, exitCode: await parley.exitCode };
}
