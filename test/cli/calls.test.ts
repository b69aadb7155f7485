import { join } from 'node:path';
import { expect, test } from 'vitest';
import { JournalScene, saidLine } from '../store/journal-scene.ts';
import { writeCalls } from '../store/history/written-calls.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { callsCommand } from '../../src/cli/calls.ts';
import { inspectCommand } from '../../src/cli/inspect.ts';
import { runHere } from './run-cli.ts';

const callSid = `CA${'0'.repeat(32)}`;

test('calls are found by number and words, and one is told with what was said', async (context) => {
  const scene = new JournalScene(context);
  const journal = scene.open();
  const record = scene.accept(journal, callSid);
  record.append({ kind: 'agent', name: 'simulated', source: 'phone' });
  record.append(saidLine('Where is my parcel?\u001b[2J'));
  record.append({ kind: 'outcome', faults: ['model.closed'], why: 'The model closed its session.' });
  scene.nowMs += 65_900;
  record.end('apologised');
  await scene.wholeCall(journal, 'CA2');
  const settings = { JOURNAL_FILE: scene.file };
  const [found, inspected] = await Promise.all([
    runHere(callsCommand, ['--words', 'my PARCEL', '--number', '0101', '--json'], { settings }),
    runHere(inspectCommand, [callSid], { settings }),
  ]);
  expect(found).toMatchObject({ code: 0, err: '' });
  expect(JSON.parse(found.out)).toMatchObject({ callSid, why: 'The model closed its session.' });
  expect(inspected).toMatchObject({ code: 0, err: '' });
  expect(inspected.out).toMatch(/^2026-11-20 .*  \+15550101 +1:05  agent gave up\n  The model closed its session\.\n/);
  expect(inspected.out).toContain('; answered by the simulated agent');
  expect(inspected.out).toContain('caller "Where is my parcel? [2J"');
  expect(inspected.out).toContain('There is no recording.');
  const [unnamed, byOutcome, noOutcome] = await Promise.all([
    runHere(inspectCommand, ['nonsense'], { settings }),
    runHere(callsCommand, ['--outcome', 'agent gave up'], { settings }),
    runHere(callsCommand, ['--outcome', 'nonsense'], { settings }),
  ]);
  expect(byOutcome.out).toContain(callSid);
  expect(noOutcome.err).toMatch(
    /^--outcome wants one of callerHungUp \(caller hung up\), .*, apologised \(agent gave up\), .*, and not "nonsense"\.\n/,
  );
  expect(unnamed.err).toBe('"nonsense" names no call: give a call log, a CallSid, a time or a number.\n');
});

// A caller of a SIP address chooses it, and a list that goes into a file as a rule may be looked at in a terminal as well.
test('a list of calls gives no order to a terminal, in any form', async (context) => {
  const file = join(temporaryFolder(context), 'journal.sqlite');
  const from = 'sip:a\u001b[2J\u007f\u009b8m@example.org';
  await writeCalls(file, [{ callSid: 'CA1', from, entries: [], end: 'callerHungUp' }], 0);
  const list = async (...args: string[]): Promise<string> =>
    (await runHere(callsCommand, args, { settings: { JOURNAL_FILE: file } })).out;
  const json = await list('--json');
  for (const out of [json, await list('--csv'), await list()]) {
    expect(out).toContain('example.org');
    expect(out).not.toMatch(/(?![\r\n])\p{Cc}(?!\[(?:1|22)m)/u);
  }
  expect(JSON.parse(json)).toMatchObject({ from });
});

test('the calls of workers are found in the journals of all', async (context) => {
  const folder = temporaryFolder(context);
  for (const worker of ['w0', 'w1']) {
    const call = { callSid: `CA-${worker}`, from: null, entries: [], end: 'callerHungUp' };
    await writeCalls(join(folder, `journal.${worker}.sqlite`), [call], 0);
  }
  const settings = { JOURNAL_FILE: join(folder, 'journal.sqlite'), WORKERS: '2' };
  const { code, out } = await runHere(callsCommand, ['--json'], { settings });
  const callSids = out
    .trimEnd()
    .split('\n')
    .map((line) => Object(JSON.parse(line)).callSid);
  expect([code, callSids]).toEqual([0, ['CA-w1', 'CA-w0']]);
});
