import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test, type TestContext } from 'vitest';
import { recordCall } from '../calllog/recorded-call.ts';
import { startCli } from './run-cli.ts';

// The tests beside this one run commands in their own process, where nobody sees the exit code of a process.
test.for([
  ['inspect', [], 0],
  ['replay', [], 1],
  ['scrub', ['folder'], 2],
] as const)('npm run %s of a changed log and %j ends with %i', async ([command, args, code], context) => {
  expect(await startCli(command, [await changedLog(context), ...args], {})).toMatchObject({ code });
});

test.for([
  ['call', ['--audio', 'fixtures/audio/caller/oh.wav', '--url', 'http://127.0.0.1:1'], {}, 1],
  ['call', [], {}, 2],
  ['calls', ['--frob'], {}, 2],
  ['doctor', ['--offline'], { PORT: 'many' }, 1],
  ['doctor', ['--frob'], {}, 2],
  ['inspect', ['nowhere.jsonl'], {}, 2],
  ['probe', [], {}, 1],
  ['probe', ['--minutes', 'many'], {}, 2],
  ['simulate', ['--seeds', '0'], {}, 2],
  ['tool', ['no-such-tool'], {}, 2],
] as const)('npm run %s with %j and %j ends with %i', async ([command, args, env, code]) => {
  expect(await startCli(command, args, env)).toMatchObject({ code });
});

/** Here the agent does not stop for a caller who breaks in. */
async function changedLog(context: TestContext): Promise<string> {
  const path = await recordCall(context);
  writeFileSync(path, readFileSync(path, 'utf8').replace('{"type":"stream.clear"},', ''));
  return path;
}
