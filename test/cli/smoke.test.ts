import { fileURLToPath } from 'node:url';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, test, type TestContext } from 'vitest';
import type { ScriptInput } from '../../src/sim/model/script/script.ts';
import { type ModelServer, startModelServer } from '../../src/sim/model/hosts/server.ts';
import { compileCache } from '../compile-cache.ts';
import { toneClip } from '../tone.ts';

const apiKey = 'gemini-key-5e83d06a';
const clips = new Map([['beep', toneClip(600, 100, 'Beep.')]]);
const beep = { steps: [{ say: 'beep' }] };
const lookUp = { name: 'lookup_record', args: { query: 'A1042' }, answered: [{ say: 'beep' }] };
const granting: ScriptInput = {
  turns: [beep, { steps: [{ call: lookUp }] }, beep],
  setupMs: 0,
  latencyMs: 0,
};

test.concurrent('greeting, tool call and resumption are granted, and status 0', async (context) => {
  const model = await simulatedModel(context, granting);
  const { exitCode, stdout, stderr } = await smoke({ GEMINI_API_KEY: apiKey, GEMINI_BASE_URL: model.url });
  expect([exitCode, stderr]).toEqual([0, '']);
  expect(stdout.match(/^granted/gm)).toHaveLength(6);
  expect(stdout).toContain('lookup_record {"query":"A1042"}');
  const [first, second] = model.sessions;
  expect(first?.setup).toMatchObject({ setup: { sessionResumption: {}, tools: [{}] } });
  expect(JSON.stringify(first?.timeline)).toContain('Maria Lindqvist');
  expect(second?.setup).toMatchObject({ setup: { sessionResumption: { handle: expect.any(String) } } });
  expect(model.sessions.flatMap(({ violations }) => violations)).toEqual([]);
});

test.concurrent('a refused setup is told with its code and reason, and status 1', async (context) => {
  const model = await simulatedModel(context, granting);
  const { exitCode, stdout, stderr } = await smoke({ GEMINI_API_KEY: 'wrong-key', GEMINI_BASE_URL: model.url });
  expect(stdout).toMatch(/^refused {2}Setup of gemini-3\.8-live/);
  expect(stderr).toMatch(/^The setup was refused: .*1007 "API key not valid.*\n$/);
  expect(stdout + stderr).not.toContain('wrong-key');
  expect(exitCode).toBe(1);
});

test.concurrent('a session that closes in the middle is told with its code and reason, and status 1', async (context) => {
  const model = await simulatedModel(context, {
    ...granting,
    turns: [beep, { steps: [{ close: 'creditsDepleted' }] }],
  });
  const { exitCode, stderr } = await smoke({ GEMINI_API_KEY: apiKey, GEMINI_BASE_URL: model.url });
  expect(stderr).toMatch(/^A tool call did not come: .*1011 "Your prepayment credits are depleted\."\n$/);
  expect(exitCode).toBe(1);
});

test.concurrent('without a key it refuses in one line, and status 1', async () => {
  const { exitCode, stdout, stderr } = await smoke({});
  expect(stderr).toMatch(/^GEMINI_API_KEY is not set: .*\n$/);
  expect([exitCode, stdout]).toEqual([1, '']);
});

async function simulatedModel({ onTestFinished }: TestContext, script: ScriptInput): Promise<ModelServer> {
  const model = await startModelServer({ script, clips, apiKey });
  onTestFinished(() => model.close());
  return model;
}

/** Runs the command with nothing but these settings in its environment. */
async function smoke(settings: Readonly<Record<string, string>>) {
  const file = fileURLToPath(new URL('../../src/cli/smoke.ts', import.meta.url));
  const child = spawn(process.execPath, [file], {
    env: { ...compileCache, PARLEY_ENV_FILE: 'off', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { exitCode, stdout, stderr };
}
