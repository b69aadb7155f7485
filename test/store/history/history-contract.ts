import { describe, expect, test, type TestContext } from 'vitest';
import { anyCall, type CallHistory, type HistoryQuery } from '../../../src/store/history/call-history.ts';
import { parseIncomingCall } from '../../../src/twilio/forms.ts';
import { firstStartMs, type WrittenCall } from './written-calls.ts';

/** Makes a place that holds these calls, a minute between their starts, and gives what reads it. */
export type MakeHistory = (context: TestContext, calls: readonly WrittenCall[]) => Promise<CallHistory>;

export const minuteMs = 60_000;

const waits = { count: 3, medianMs: 900, maxMs: 2_000 };

const written: readonly WrittenCall[] = [
  {
    callSid: 'CA1',
    from: '+15550101',
    entries: [
      { kind: 'agent', name: 'gemini', source: 'phone' },
      { kind: 'said', speaker: 'caller', text: 'Wo ist meine ÜBERWEISUNG?  100% weg', cut: false },
      { kind: 'figures', costUsd: 0.01, tokens: 100, waits: null },
      { kind: 'figures', costUsd: 0.02, tokens: 200, waits },
      { kind: 'outcome', faults: ['model.quotaExceeded', 'tool.failed'], why: 'The quota was used up.' },
    ],
    end: 'apologised',
  },
  { callSid: 'CA2', from: null, entries: [{ kind: 'agent', name: 'gemini', source: 'browser' }], end: 'callerHungUp' },
  {
    callSid: 'CA3',
    from: '+15550199',
    entries: [{ kind: 'said', speaker: 'agent', text: 'hello', cut: true }],
    end: null,
  },
];

/** The longest caller that a webhook can name, of letters that no database makes shorter. */
const { from: longestCaller } = parseIncomingCall({
  CallSid: `CA${'0'.repeat(32)}`,
  AccountSid: 'AC',
  From: Array.from({ length: 60_000 }, (_, index) => String.fromCharCode(0x4e00 + ((index * 7919) % 20_000))).join(''),
  To: '+15550100',
  Direction: 'inbound',
  CallStatus: 'ringing',
});

const fewWaits = { count: 1, medianMs: 900, maxMs: 900 };

/** Who called, and the figures of the call. */
const beyondMeasure: readonly (readonly [
  what: string,
  from: string | null,
  figures: { readonly tokens: number; readonly waits: typeof fewWaits | null },
])[] = [
  ['tokens that no number tells apart', null, { tokens: 2 ** 53 + 2, waits: null }],
  ['more tokens than a database counts', null, { tokens: 1e19, waits: null }],
  ['half a token', null, { tokens: 0.5, waits: null }],
  ['waits beyond measure', null, { tokens: 1, waits: { ...fewWaits, count: 1e19, maxMs: 1e22 } }],
  ['a caller whose address is endless', longestCaller, { tokens: 1, waits: null }],
];

/** What is asked for, how, and the calls that are found. */
const searches: readonly (readonly [what: string, query: Partial<HistoryQuery>, found: readonly string[]])[] = [
  ['some digits of a number', { number: '555-0199' }, ['CA3']],
  ['a number that all called', { number: '+1 555 0100' }, ['CA3', 'CA2', 'CA1']],
  ['words in any letters and spacing', { words: 'meine  überweisung' }, ['CA1']],
  ['a sign that a search might misread', { words: '100%' }, ['CA1']],
  ['a sign that is nowhere', { words: '1_0%' }, []],
  ['an outcome', { outcome: 'callerHungUp' }, ['CA2']],
  ['a beginning', { sinceMs: firstStartMs + minuteMs }, ['CA3', 'CA2']],
  ['an end', { untilMs: firstStartMs + minuteMs }, ['CA1']],
  ['all of it', { number: '0101', words: 'weg', outcome: 'apologised', sinceMs: firstStartMs }, ['CA1']],
];

/** Says as tests what every history must tell, whatever keeps the calls. */
export function historyContract(makeHistory: MakeHistory): void {
  describe('a history', () => {
    test('tells of each call what the journal knows, the newest first', async (context) => {
      const history = await makeHistory(context, written);
      const { calls, next, missing } = await history.list(anyCall, { after: null, limit: 10 });
      expect({ next, missing }).toEqual({ next: null, missing: null });
      expect(calls.map(({ callSid }) => callSid)).toEqual(['CA3', 'CA2', 'CA1']);
      expect(calls[2]).toEqual({
        callSid: 'CA1',
        from: '+15550101',
        to: '+15550100',
        agent: 'gemini',
        source: 'phone',
        instance: null,
        startedAtMs: firstStartMs,
        endedAtMs: firstStartMs,
        outcome: 'apologised',
        why: 'The quota was used up.',
        faults: ['model.quotaExceeded', 'tool.failed'],
        costUsd: 0.02,
        tokens: 200,
        waits,
      });
      expect(calls[1]).toMatchObject({ from: null, source: 'browser', why: 'The caller hung up.', costUsd: null });
      expect(calls[0]).toMatchObject({ from: '+15550199', endedAtMs: null, outcome: null, why: null, faults: [] });
    });

    test('is searched by what a query names', async (context) => {
      const history = await makeHistory(context, written);
      for (const [what, query, found] of searches) {
        const { calls } = await history.list({ ...anyCall, ...query }, { after: null, limit: 10 });
        expect([what, calls.map(({ callSid }) => callSid)]).toEqual([what, found]);
      }
    });

    test('is read page by page, and no call is lost or told twice', async (context) => {
      const many = Array.from({ length: 5 }, (_, index) => ({
        callSid: `CA${index}`,
        from: null,
        entries: [],
        end: 'lost',
      }));
      const history = await makeHistory(context, many);
      const told: string[] = [];
      let pages = 0;
      for (let after: string | null = null; pages < 10;) {
        const page = await history.list(anyCall, { after, limit: 2 });
        pages += 1;
        told.push(...page.calls.map(({ callSid }) => callSid));
        after = page.next;
        if (after === null) break;
      }
      expect({ pages, told }).toEqual({ pages: 3, told: ['CA4', 'CA3', 'CA2', 'CA1', 'CA0'] });
    });

    // Figures that no whole number of a database holds, and a caller too long for an index, were refused with all that was to be written
    // beside them, again and again: from there on, no call of any process was kept. Figures a little smaller were kept, and no list that
    // held them could be read.
    test.for(beyondMeasure)('keeps a call of %s, and those beside it', async ([, from, figures], context) => {
      const calls = [null, figures, null].map((some, index): WrittenCall => {
        const entries = some === null ? [] : [{ kind: 'figures', costUsd: 0.01, ...some } as const];
        return { callSid: `CA${index}`, from, entries, end: 'callerHungUp' };
      });
      const history = await makeHistory(context, calls);
      const { calls: told } = await history.list(anyCall, { after: null, limit: 10 });
      expect(told.map(({ callSid }) => callSid)).toEqual(['CA2', 'CA1', 'CA0']);
      expect(told[0]?.from).toBe(from);
    });

    // A model that sends a handle with every message, or a talk of hours, made more entries than are read of a call: who called, who
    // answered and what was booked were not among the last ones, so the history lost the number, and the next process booked again.
    test('knows of a long call who called, who answered and what was done', async (context) => {
      const handles = Array.from(
        { length: 5_000 },
        (_, index) => ({ kind: 'handle', handle: `h${index}`, model: 'gemini' }) as const,
      );
      const words = { kind: 'said', speaker: 'caller', text: 'Hello?', cut: false } as const;
      const booking = { id: 'a', name: 'book' };
      const done = { ...booking, kind: 'toolAnswered', response: { status: 'done' } } as const;
      const long: WrittenCall = {
        callSid: 'CA1',
        from: '+15550101',
        entries: [
          { kind: 'agent', name: 'sales', source: 'phone' },
          { ...booking, kind: 'toolStarted', args: {}, write: true },
          done,
          ...handles,
          words,
        ],
        end: 'callerHungUp',
      };
      const history = await makeHistory(context, [long]);
      const { calls } = await history.list(anyCall, { after: null, limit: 10 });
      expect(calls).toMatchObject([{ from: '+15550101', agent: 'sales', outcome: 'callerHungUp' }]);
      const { entries = [] } = (await history.find('CA1')) ?? {};
      const { kind, ...ofDone } = done;
      expect(entries).toContainEqual(expect.objectContaining({ kind, ...ofDone }));
      expect(entries.findLastIndex((entry) => entry.kind === 'handle' && entry.handle === 'h4999')).toBe(
        entries.findIndex((entry) => entry.kind === 'said') - 1,
      );
      expect(entries.at(-1)).toMatchObject({ kind: 'ended' });
    });

    test('finds a call with what happened on it, and knows when it does not know one', async (context) => {
      const history = await makeHistory(context, written);
      const story = await history.find('CA3');
      expect(story?.entries).toMatchObject([{ kind: 'accepted' }, { kind: 'said', text: 'hello', cut: true }]);
      expect(story).toMatchObject({ call: { callSid: 'CA3' }, missing: null });
      expect(await history.find('CA9')).toBeNull();
    });
  });
}
