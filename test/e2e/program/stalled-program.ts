import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { TestContext } from 'vitest';
import { isJsonObject, type JsonObject, parseJson } from '../../../src/encoding/json.ts';
import { startModelServer } from '../../../src/sim/model/hosts/server.ts';
import { compileCache } from '../../compile-cache.ts';
import { Pipe } from '../../pipe.ts';
import { toneClip } from '../../tone.ts';
import { until } from '../../until.ts';
import { call, environment, geminiKey, greetsOnly } from '../service-scene.ts';

/** Runs the program with a pipe as its standard output, which is read when a test asks. It is killed when the test is over. */
export async function runStalled(context: TestContext) {
  const clips = new Map([['beep', toneClip(600, 400, 'Beep.')]]);
  const model = await startModelServer({ script: greetsOnly, clips, apiKey: geminiKey });
  const pipe = Pipe.open(context);
  const file = fileURLToPath(new URL('../../../src/main.ts', import.meta.url));
  const child = spawn(process.execPath, [file], {
    env: { ...compileCache, ...environment(model.url) },
    stdio: ['ignore', pipe.end('blocks'), 'ignore'],
  });
  const exitCode = once(child, 'close').then(([code]: unknown[]) => code);
  context.onTestFinished(async () => {
    child.kill('SIGKILL');
    await exitCode;
    await model.close();
  });
  const log = new PipeLog(pipe);
  const lines = (): readonly JsonObject[] => log.read();
  const { port } = await until('listening', () => lines().find(({ msg }) => msg === 'listening'));
  const url = `http://127.0.0.1:${String(port)}`;
  const heardBytes = (): number => model.sessions[0]?.audioReceived().length ?? 0;
  return {
    pipe,
    url,
    text: () => log.text,
    lines,
    exitCode,
    stop: () => child.kill('SIGTERM'),
    call() {
      const phone = call(url);
      context.onTestFinished(() => phone.hangUp());
      return phone;
    },
    async hearsTheCaller(): Promise<void> {
      const before = heardBytes();
      await until('the model hears the caller for half a second more', () => heardBytes() > before + 16_000);
    },
  };
}

/** What a program writes into a pipe. Who waits for a line reads it again and again: each is parsed once. */
class PipeLog {
  readonly #pipe: Pipe;
  readonly #lines: JsonObject[] = [];
  text = '';
  #rest = '';

  constructor(pipe: Pipe) {
    this.#pipe = pipe;
  }

  /** The lines until here. */
  read(): readonly JsonObject[] {
    const bytes = this.#pipe.read();
    this.text += bytes;
    const parts = (this.#rest + bytes).split('\n');
    this.#rest = parts.pop() ?? '';
    this.#lines.push(...parts.map(parseJson).filter(isJsonObject));
    return this.#lines;
  }
}
