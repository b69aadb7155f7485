import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { MemoryStore } from '../../src/sim/driver/memory-store.ts';
import { createTools, defineTool } from '../../src/tools/tool.ts';
import { type BenchSession, type BenchStream, callSid, ServiceBench, settings, tokenIn } from './service-bench.ts';

const media = {
  event: 'media',
  media: { track: 'inbound', chunk: '1', timestamp: '20', payload: Buffer.alloc(160, 0xff).toString('base64') },
};

/** A quarter of a second of a voice that can be heard. */
const voice = Buffer.from(Int16Array.from({ length: 6_000 }, (_, at) => (at % 100 < 50 ? 8_000 : -8_000)).buffer);
const chunk = {
  serverContent: {
    modelTurn: { parts: [{ inlineData: { mimeType: 'audio/pcm;rate=24000', data: voice.toString('base64') } }] },
  },
};

const minuteMs = 60_000;

/** In which of the ten minutes a new call comes. */
const newCallsAt = [1, 9, 10];

/** How long the answer to a new call waits for a store that does not answer. */
const answerMs = 250;

const effects = { look: 'read', book: 'write', cancel: 'write' } as const;

const run = () => ({ response: {} });

const tools = createTools(
  (['look', 'book', 'cancel'] as const).map((name) => {
    return defineTool({ name, description: 'For tests.', effect: effects[name], parameters: z.object({}), run });
  }),
);

const terms = { timeoutMs: 8_000, confirm: false } as const;
const withTools = {
  ...settings,
  tools: {
    look: { ...terms, effect: 'read' },
    book: { ...terms, effect: 'write' },
    cancel: { ...terms, effect: 'write' },
  },
} as const;

describe('a store that is away for ten minutes', () => {
  test('costs no live call and no new one, and gets all of it when it is back', () => {
    const store = new MemoryStore();
    let isAway = false;
    const bench = new ServiceBench({ store, callsMax: 30, latency: () => (isAway ? null : 1), settings: longCalls });
    const first = bench.talks();
    const streams = [first.stream];
    bench.passes(1_000);
    isAway = true;
    for (let minute = 1; minute <= 10; minute += 1) {
      bench.passes(minuteMs - answerMs);
      expect(bench.service.registry.noRoom).toBeNull();
      if (newCallsAt.includes(minute)) streams.push(answersSlowly(bench, sidOf(minute)));
      else bench.passes(answerMs);
      says(bench, first.session, `minute ${minute}`, [chunk]);
    }
    expect(bench.service.registry.liveCount).toBe(1 + newCallsAt.length);
    expect(streams.map(({ closeCode }) => closeCode)).toEqual([null, null, null, null]);
    isAway = false;
    bench.passes(6_000);
    const known = (sid: string) => {
      const answer = store.perform({ kind: 'read', callSid: sid }, 'reader');
      return answer.kind === 'call' ? (answer.call?.entries ?? []) : [];
    };
    const words = known(callSid).flatMap((entry) =>
      entry.kind === 'said' && entry.speaker === 'caller' ? [entry.text] : [],
    );
    expect(words).toEqual(Array.from({ length: 10 }, (_, index) => `minute ${index + 1}`));
    for (const minute of newCallsAt) expect(known(sidOf(minute))[0]).toMatchObject({ kind: 'accepted' });
    expect(bench.log.named('journalFailing')).toHaveLength(1);
    expect(bench.log.named('journalRecovered')).toMatchObject([{ droppedEntries: 0 }]);
  });

  test('lets a tool look something up, and refuses one that changes something, in words', () => {
    let isAway = false;
    const bench = new ServiceBench({
      latency: () => (isAway ? null : 1),
      settings: withTools,
      agent: { tools },
    });
    const { session } = bench.talks();
    bench.passes(1_000);
    isAway = true;
    bench.passes(minuteMs);
    calls(bench, session, 'look');
    calls(bench, session, 'book');
    bench.passes(2_000);
    expect(bench.toolRuns.map(({ name }) => name)).toEqual(['look']);
    expect(JSON.stringify(session.received)).toContain('This cannot be done just now, and nothing was done.');
    isAway = false;
    bench.passes(10_000);
    calls(bench, session, 'cancel');
    bench.passes(1_000);
    expect(bench.toolRuns.map(({ name }) => name)).toEqual(['look', 'cancel']);
  });
});

describe('the store is asked', () => {
  test('for no frame of a caller and no chunk of the model', () => {
    let asked = 0;
    const bench = new ServiceBench({ latency: () => ((asked += 1), 1) });
    const { stream, session } = bench.talks();
    bench.passes(2_000);
    const before = asked;
    let seen = 0;
    for (let frame = 0; frame < 250; frame += 1) {
      bench.says(stream, media);
      if (frame % 12 === 0) bench.modelSays(session, chunk);
      bench.passes(20);
      for (const { event, mark } of stream.received.slice(seen))
        if (event === 'mark') bench.says(stream, { event, mark });
      seen = stream.received.length;
    }
    expect(stream.received.filter(({ event }) => event === 'media').length).toBeGreaterThan(20);
    expect(asked).toBe(before);
  });

  test('at most five times a second for a hundred calls, at rest and when all of them talk', () => {
    const seconds = 3;
    let asked = 0;
    const bench = new ServiceBench({ callsMax: 100, latency: () => ((asked += 1), 1), settings: longCalls });
    const sessions = Array.from({ length: 100 }, (_, index) => {
      bench.passes(10);
      return bench.talks(sidOf(index)).session;
    });
    bench.passes(1_000);
    const askedIn = (work: (second: number) => void): number => {
      const before = asked;
      for (let second = 0; second < seconds; second += 1) work(second);
      return (asked - before) / seconds;
    };
    expect(askedIn(() => bench.passes(1_000))).toBe(0);
    const talking = askedIn((second) => {
      for (const session of sessions) {
        says(bench, session, `second ${second}`);
        bench.passes(10);
      }
    });
    expect(talking).toBeGreaterThan(1);
    expect(talking).toBeLessThanOrEqual(5);
  });
});

/** Calls that are not ended while the tests last, because nobody says anything. */
const hourMs = 3_600_000;
const calm = { toneMs: hourMs, phraseMs: hourMs, stepMs: hourMs, idleMs: hourMs };
const longCalls = { ...settings, callMsMax: hourMs, sessionMsMax: hourMs, patience: { ...settings.patience, ...calm } };

/** Takes a new call up to its stream and session, while the store does not answer. */
function answersSlowly(bench: ServiceBench, ofCall: string): BenchStream {
  const answers = bench.posts('voice', { CallSid: ofCall, CallStatus: 'ringing' });
  bench.passes(answerMs);
  const twiml = answers.map((answer) => ('twiml' in answer ? answer.twiml : ''));
  const stream = bench.opensStream(tokenIn(twiml.join('')), ofCall);
  bench.answersSetup();
  return stream;
}

/** The caller says something, as the model hears it, and the model answers with this. */
function says(bench: ServiceBench, session: BenchSession, text: string, answer: readonly object[] = []): void {
  bench.modelSays(session, { serverContent: { inputTranscription: { text, finished: true } } });
  for (const message of answer) bench.modelSays(session, message);
  bench.modelSays(session, { serverContent: { turnComplete: true } });
}

function calls(bench: ServiceBench, session: BenchSession, name: string): void {
  bench.modelSays(session, { toolCall: { functionCalls: [{ id: name, name, args: {} }] } });
}

function sidOf(number: number): string {
  return `CA${String(number).padStart(32, '0')}`;
}
