import { join } from 'node:path';
import { describe, expect, test, type TestContext } from 'vitest';
import { anyCall } from '../../../src/store/history/call-history.ts';
import { JoinedHistory } from '../../../src/store/history/joined-history.ts';
import { HistoryFile } from '../../../src/store/sqlite/history-file.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { type WrittenCall, writeCalls } from './written-calls.ts';

describe('the history in two journals', () => {
  test('is told page after page, the newest call first, each call once', async (context) => {
    const history = await twoJournals(context);
    const told: string[] = [];
    for (let after: string | null = null; ;) {
      const page = await history.list(anyCall, { after, limit: 3 });
      expect(page.calls.length).toBeLessThanOrEqual(3);
      told.push(...page.calls.map(({ callSid }) => callSid));
      after = page.next;
      if (after === null) break;
    }
    // Both journals begin at the same time, and the calls of the second are twice as far apart.
    expect(told).toEqual(['CB4', 'CB3', 'CB2', 'CA4', 'CA3', 'CB1', 'CA2', 'CA1', 'CB0', 'CA0']);
  });

  test('knows a call of either, and none that is in neither', async (context) => {
    const history = await twoJournals(context);
    expect((await history.find('CA3'))?.call.callSid).toBe('CA3');
    expect((await history.find('CB1'))?.call.callSid).toBe('CB1');
    expect(await history.find('CC1')).toBeNull();
  });

  test('says once what is missing in both', async (context) => {
    const folder = temporaryFolder(context);
    const missing = new HistoryFile(join(folder, 'none.sqlite'));
    const page = await new JoinedHistory([missing, missing]).list(anyCall, { after: null, limit: 5 });
    expect(page).toEqual({
      calls: [],
      next: null,
      missing: expect.stringMatching(/^There is no journal at \S+ yet\.$/),
    });
  });
});

async function twoJournals(context: TestContext): Promise<JoinedHistory> {
  const folder = temporaryFolder(context);
  const histories = [];
  for (const [name, apartMs] of [
    ['CA', 1_000],
    ['CB', 2_000],
  ] as const) {
    const file = join(folder, `${name}.sqlite`);
    await writeCalls(file, callsOf(name), apartMs);
    const history = new HistoryFile(file);
    context.onTestFinished(() => history.close());
    histories.push(history);
  }
  return new JoinedHistory(histories);
}

function callsOf(name: string): WrittenCall[] {
  return Array.from({ length: 5 }, (_, at) => ({
    callSid: `${name}${at}`,
    from: null,
    entries: [],
    end: 'callerHungUp',
  }));
}
