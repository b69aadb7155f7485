import { expect, test, type TestContext } from 'vitest';
import { localTime } from '../../../src/cli/history/call-lines.ts';
import { findCalls, namesCall } from '../../../src/cli/history/find-calls.ts';
import { HistoryFile } from '../../../src/store/sqlite/history-file.ts';
import { JournalScene } from '../../store/journal-scene.ts';
import { firstStartMs, writeCalls } from '../../store/history/written-calls.ts';

const minuteMs = 60_000;
const sids = ['a', 'b', 'c'].map((letter) => `CA${letter.repeat(32)}`);
const nowMs = firstStartMs + 600 * minuteMs;

test.for<[string, number, string[], string | null]>([
  ['the minute in which a call began', 0, ['a'], null],
  ['a time at which a call was going on', 12, ['b'], 'No call began then. This one was going on:'],
  ['a time soon after the end of a call', 18, ['b'], 'No call was going on then. This one is the nearest:'],
  ['a time at which there was none', 100, [], null],
])('%s leads to the call that was meant', async ([, minutes, found, note], context) => {
  const history = await threeCalls(context);
  const text = localTime(firstStartMs + minutes * minuteMs).slice(0, 16);
  const { calls, note: said } = await findCalls(history, text, nowMs);
  expect(calls.map(({ callSid }) => callSid.at(-1))).toEqual(found);
  expect(said).toBe(note);
});

test('a CallSid leads to its call, and digits to all calls of a number, the newest first', async (context) => {
  const history = await threeCalls(context);
  const [first = ''] = sids;
  expect((await findCalls(history, first, nowMs)).calls).toMatchObject([{ callSid: first }]);
  expect((await findCalls(history, `CA${'9'.repeat(32)}`, nowMs)).calls).toEqual([]);
  const { calls, note } = await findCalls(history, '555-0101', nowMs);
  expect(calls.map(({ callSid }) => callSid)).toEqual(sids.toReversed());
  expect(note).toContain('the newest comes first');
});

test.for<[string, boolean]>([
  [`CA${'0'.repeat(32)}`, true],
  ['15:04', true],
  ['+1 (555) 0100', true],
  ['12', false],
  ['nowhere.jsonl', false],
  ['recordings', false],
])('whether "%s" names a call: %s', ([text, names]) => expect(namesCall(text, nowMs)).toBe(names));

/** At ten minutes between their starts; each lasts seven. */
async function threeCalls(context: TestContext): Promise<HistoryFile> {
  const { file } = new JournalScene(context);
  const usual = { from: '+12025550101', entries: [], end: 'callerHungUp', lastsMs: 7 * minuteMs };
  await writeCalls(
    file,
    sids.map((callSid) => ({ ...usual, callSid })),
    10 * minuteMs,
  );
  const history = new HistoryFile(file);
  context.onTestFinished(() => history.close());
  return history;
}
