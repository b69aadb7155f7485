import { join } from 'node:path';
import { expect, test } from 'vitest';
import { JournalScene, saidLine } from '../store/journal-scene.ts';
import { writeCalls } from '../store/history/written-calls.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { startCli } from './run-cli.ts';

const callSid = `CA${'0'.repeat(32)}`;

test('calls are found by number and words, and one is told with what was said', async (context) => {
  const scene = new JournalScene(context);
  const journal = scene.open();
  const record = scene.accept(journal, callSid);
  record.append(saidLine('Where is my parcel?\u001b[2J'));
  record.append({ kind: 'outcome', faults: ['model.closed'], why: 'The model closed its session.' });
  scene.nowMs += 65_000;
  record.end('apologised');
  await scene.wholeCall(journal, 'CA2');
  const settings = { JOURNAL_FILE: scene.file };
  const [found, inspected] = await Promise.all([
    startCli('calls', ['--words', 'my PARCEL', '--number', '0101', '--json'], { settings }),
    startCli('inspect', [callSid], { settings }),
  ]);
  expect(found).toMatchObject({ exitCode: 0, stderr: '' });
  expect(JSON.parse(found.stdout)).toMatchObject({ callSid, why: 'The model closed its session.' });
  expect(inspected).toMatchObject({ exitCode: 0, stderr: '' });
  expect(inspected.stdout).toMatch(
    /^2026-11-20 .*  \+15550101 +1:05  agent gave up\n  The model closed its session\.\n/,
  );
  expect(inspected.stdout).toContain('caller "Where is my parcel? [2J"');
  expect(inspected.stdout).toContain('There is no recording.');
  const [unnamed, byOutcome, noOutcome] = await Promise.all([
    startCli('inspect', ['nonsense'], { settings }),
    startCli('calls', ['--outcome', 'agent gave up'], { settings }),
    startCli('calls', ['--outcome', 'nonsense'], { settings }),
  ]);
  expect(byOutcome.stdout).toContain(callSid);
  expect(noOutcome.stderr).toMatch(/^--outcome wants one of callerHungUp, .*, and not "nonsense"\.\n/);
  expect(unnamed.stderr).toBe('"nonsense" names no call: give a call log, a CallSid, a time or a number.\n');
});

test('the calls of workers are found in the journals of all', async (context) => {
  const folder = temporaryFolder(context);
  for (const worker of ['w0', 'w1']) {
    const call = { callSid: `CA-${worker}`, from: null, entries: [], end: 'callerHungUp' };
    await writeCalls(join(folder, `journal.${worker}.sqlite`), [call], 0);
  }
  const settings = { JOURNAL_FILE: join(folder, 'journal.sqlite'), WORKERS: '2' };
  const { exitCode, stdout } = await startCli('calls', ['--json'], { settings });
  const callSids = stdout
    .trimEnd()
    .split('\n')
    .map((line) => Object(JSON.parse(line)).callSid);
  expect([exitCode, callSids]).toEqual([0, ['CA-w1', 'CA-w0']]);
});
