import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CallFact } from '../../src/call/events.ts';
import { modelFacts } from '../../src/gemini/messages.ts';
import { wireFixtures } from '../wire-fixtures.ts';

const fixtures = wireFixtures('gemini');
const invalid: CallFact = { type: 'model.frameRejected', fault: 'model.frameInvalid' };
const audioInvalid: CallFact = { type: 'model.frameRejected', fault: 'model.audioInvalid' };

const messages: Record<string, CallFact[]> = {
  'setup-complete': [],
  audio: [{ type: 'model.audio', pcm: pcm16(0, 1000, -1000) }],
  'audio-odd-bytes': [{ type: 'model.audio', pcm: Uint8Array.of(0, 1, 2) }],
  'audio-without-rate': [{ type: 'model.audio', pcm: pcm16(7) }],
  'several-parts': [
    { type: 'model.audio', pcm: pcm16(1) },
    { type: 'model.audio', pcm: pcm16(2) },
    { type: 'model.text', text: 'The caller wants order A1042.' },
  ],
  interrupted: [{ type: 'model.interrupted' }],
  'generation-complete': [{ type: 'model.generationCompleted' }],
  'waiting-for-input': [{ type: 'model.waitingForInput' }],
  'caller-transcript': [{ type: 'model.callerTranscript', text: ' where is my order' }],
  'caller-transcript-noise': [],
  'caller-transcript-finished': [],
  'agent-transcript': [{ type: 'model.agentTranscript', text: 'It was shipped' }],
  'tool-call': [
    {
      type: 'model.toolCalled',
      calls: [
        { id: 'function-call-81', name: 'lookup_record', args: { query: 'A1042' } },
        { id: 'function-call-82', name: 'end_call', args: {} },
      ],
    },
  ],
  'tool-call-cancellation': [{ type: 'model.toolCancelled', ids: ['function-call-81'] }],
  'turn-complete-with-usage': [
    { type: 'model.turnCompleted', reason: null },
    {
      type: 'model.usage',
      usage: {
        promptTokens: 522,
        responseTokens: 42,
        thoughtsTokens: 136,
        totalTokens: 564,
        promptByModality: { TEXT: 332, AUDIO: 165 },
        responseByModality: { AUDIO: 42 },
      },
    },
  ],
  'turn-rejected': [{ type: 'model.turnCompleted', reason: 'RESPONSE_REJECTED' }],
  'interaction-idle': [
    { type: 'model.turnCompleted', reason: null },
    { type: 'model.interaction', status: 'idle' },
  ],
  'interaction-in-progress': [
    { type: 'model.interaction', status: 'working' },
    { type: 'model.toolCalled', calls: [{ id: 'function-call-83', name: 'lookup_record', args: { query: 'B7' } }] },
  ],
  'interaction-goes-on': [
    { type: 'model.interaction', status: 'working' },
    { type: 'model.turnCompleted', reason: null },
  ],
  resumption: [{ type: 'model.resumptionUpdated', handle: 'Cig1am5z', resumable: true }],
  'resumption-paused': [{ type: 'model.resumptionUpdated', handle: null, resumable: false }],
  'go-away': [{ type: 'model.goingAway', timeLeftMs: 50_000 }],
  'go-away-fraction': [{ type: 'model.goingAway', timeLeftMs: 1500 }],
  'voice-activity-start': [{ type: 'model.voiceActivity', activity: 'start' }],
  'voice-activity-by-type': [{ type: 'model.voiceActivity', activity: 'end' }],
  'voice-activity-end': [{ type: 'model.voiceActivity', activity: 'end' }],
  error: [],
  'every-key': [
    { type: 'model.interrupted' },
    { type: 'model.toolCancelled', ids: ['c1'] },
    { type: 'model.audio', pcm: pcm16(3) },
    { type: 'model.text', text: 'Done.' },
    { type: 'model.callerTranscript', text: 'Bye then' },
    { type: 'model.agentTranscript', text: 'Bye' },
    { type: 'model.toolCalled', calls: [{ id: 'c2', name: 'end_call', args: {} }] },
    { type: 'model.waitingForInput' },
    { type: 'model.generationCompleted' },
    { type: 'model.turnCompleted', reason: null },
    { type: 'model.interaction', status: 'idle' },
    {
      type: 'model.usage',
      usage: {
        promptTokens: 0,
        responseTokens: 0,
        thoughtsTokens: 0,
        totalTokens: 3,
        promptByModality: {},
        responseByModality: {},
      },
    },
    { type: 'model.resumptionUpdated', handle: 'h2', resumable: true },
    { type: 'model.goingAway', timeLeftMs: 9000 },
    { type: 'model.voiceActivity', activity: 'start' },
  ],
};

describe('modelFacts', () => {
  test.each(Object.entries(messages))('reads %s', (name, expected) => {
    expect(modelFacts(JSON.parse(fixtures.get(name) ?? ''))).toStrictEqual(expected);
  });

  test('reads usage as Vertex AI names it', () => {
    const usageMetadata = {
      totalTokenCount: 9,
      candidatesTokenCount: 7,
      candidatesTokensDetails: [{ modality: 'AUDIO', tokenCount: 7 }],
    };
    expect(modelFacts({ usageMetadata })).toMatchObject([
      { usage: { totalTokens: 9, responseTokens: 7, responseByModality: { AUDIO: 7 } } },
    ]);
  });

  test('names the tool calls of a model that does not, and keeps the names of one that does', () => {
    let count = 0;
    const newCallId = (): string => `ours-${(count += 1)}`;
    const functionCalls = [{ name: 'lookup_record' }, { id: 'theirs', name: 'end_call' }, { name: 'lookup_record' }];
    expect(modelFacts({ toolCall: { functionCalls } }, newCallId)).toMatchObject([
      { type: 'model.toolCalled', calls: [{ id: 'ours-1' }, { id: 'theirs' }, { id: 'ours-2' }] },
    ]);
  });

  test('is shown every message that the model sends', () => {
    const received = [...fixtures.keys()].filter((name) => !name.startsWith('to-gemini-'));
    expect(received.toSorted()).toEqual(Object.keys(messages).toSorted());
  });

  test.each([
    ['null', null],
    ['text', 'setupComplete'],
    ['an array', []],
    ['content that is text', { serverContent: 'done' }],
    ['a turn that is an array', { serverContent: { modelTurn: [] } }],
    ['a part that is text', { serverContent: { modelTurn: { parts: ['hello'] } } }],
    ['audio without data', part({ inlineData: { mimeType: 'audio/pcm;rate=24000' } })],
    ['a thought that is a number', part({ text: 7 })],
    ['an interruption that is text', { serverContent: { interrupted: 'yes' } }],
    ['a transcript that is text', { serverContent: { inputTranscription: 'hello' } }],
    ['a transcript of a number', { serverContent: { outputTranscription: { text: 7 } } }],
    ['tool calls that are an object', { toolCall: { functionCalls: {} } }],
    ['a tool call without id', { toolCall: { functionCalls: [{ name: 'end_call' }] } }],
    ['a tool call whose id is empty', { toolCall: { functionCalls: [{ id: '', name: 'end_call' }] } }],
    ['a tool call without name', { toolCall: { functionCalls: [{ id: 'c1' }] } }],
    ['a tool call whose arguments are text', { toolCall: { functionCalls: [{ id: 'c1', name: 'f', args: 'a' }] } }],
    ['a cancellation without ids', { toolCallCancellation: {} }],
    ['a cancellation of a number', { toolCallCancellation: { ids: [1] } }],
    ['a token count that is text', { usageMetadata: { promptTokenCount: '522' } }],
    ['a negative token count', { usageMetadata: { totalTokenCount: -1 } }],
    ['a token count beyond all measure', { usageMetadata: { totalTokenCount: Number.MAX_SAFE_INTEGER } }],
    [
      'token counts that are beyond all measure together',
      {
        usageMetadata: {
          promptTokensDetails: Array.from({ length: 11 }, () => ({ modality: 'AUDIO', tokenCount: 1_000_000 })),
        },
      },
    ],
    ['a token count of no modality', { usageMetadata: { promptTokensDetails: [{ tokenCount: 1 }] } }],
    ['a handle that is a number', { sessionResumptionUpdate: { newHandle: 1, resumable: true } }],
    ['a time left without its unit', { goAway: { timeLeft: '50' } }],
    ['a time left that is a number', { goAway: { timeLeft: 50 } }],
    ['an interaction status that is a number', { serverContent: { interactionStatus: 1 } }],
    ['a voice activity that is text', { voiceActivity: 'ACTIVITY_START' }],
  ])('rejects %s', (_, message) => {
    expect(modelFacts(message)).toStrictEqual([invalid]);
  });

  test.each([
    ['another rate', 'audio/pcm;rate=16000', 'AAAA'],
    ['another encoding', 'audio/mp3', 'AAAA'],
    ['a rate that only begins right', 'audio/pcm;rate=240000', 'AAAA'],
    ['base64 without padding', 'audio/pcm;rate=24000', 'AAA'],
    ['no bytes', 'audio/pcm;rate=24000', ''],
  ])('rejects audio with %s', (_, mimeType, data) => {
    expect(modelFacts(part({ inlineData: { mimeType, data } }))).toStrictEqual([audioInvalid]);
  });

  test('keeps the rest of a message of which one part is bad', () => {
    const message = {
      serverContent: {
        modelTurn: { parts: [{ inlineData: { mimeType: 'audio/mp3', data: 'AAAA' } }, { text: 'A thought.' }] },
        turnComplete: true,
      },
      toolCall: { functionCalls: [{ name: 'lost' }, { id: 'c1', name: 'end_call' }] },
    };
    expect(modelFacts(message)).toStrictEqual([
      audioInvalid,
      { type: 'model.text', text: 'A thought.' },
      { type: 'model.toolCalled', calls: [{ id: 'c1', name: 'end_call', args: {} }] },
      invalid,
      { type: 'model.turnCompleted', reason: null },
    ]);
  });

  test.each([
    ['keys that are null', { serverContent: null, toolCall: null, goAway: undefined }],
    ['flags that are false', { serverContent: { interrupted: false, turnComplete: false, generationComplete: false } }],
    ['empty lists', { serverContent: { modelTurn: {} }, toolCall: {}, toolCallCancellation: { ids: [] } }],
    ['a kind of voice activity that it does not know, under its other name', { voiceActivity: { type: 'UNKNOWN' } }],
    ['a kind of voice activity that it does not know', { voiceActivity: { voiceActivityType: 'TYPE_UNSPECIFIED' } }],
    ['keys that it does not know', { weather: 'fine', serverContent: { groundingMetadata: {} } }],
  ])('passes over %s', (_, message) => {
    expect(modelFacts(message)).toStrictEqual([]);
  });

  test.each([
    ['<noise>', null],
    ['<no speech>', null],
    [' <noise> hello <noise>', '  hello '],
    [' ', ' '],
    ['', null],
    ['five < seven > three', 'five < seven > three'],
    ['I <3 this', 'I <3 this'],
  ])('takes the transcript %j for %j', (text, expected) => {
    const facts = modelFacts({ serverContent: { inputTranscription: { text } } });
    expect(facts).toStrictEqual(expected === null ? [] : [{ type: 'model.callerTranscript', text: expected }]);
  });

  test('cuts words and thoughts that are too long', () => {
    const text = 'word '.repeat(2_000);
    const kept = 'word '.repeat(1_600);
    const content = { inputTranscription: { text }, outputTranscription: { text }, modelTurn: { parts: [{ text }] } };
    expect(modelFacts({ serverContent: content })).toStrictEqual([
      { type: 'model.text', text: kept },
      { type: 'model.callerTranscript', text: kept },
      { type: 'model.agentTranscript', text: kept },
    ]);
  });

  test('keeps no arguments that are too long, and tells which call they were of', () => {
    const functionCalls = [wordyCall('c1', 16_385), wordyCall('c2', 16_384)];
    expect(modelFacts({ toolCall: { functionCalls } })).toStrictEqual([
      { type: 'model.toolCalled', calls: [functionCalls[1]] },
      { type: 'model.toolRejected', id: 'c1', name: 'lookup_record' },
    ]);
  });

  test.each([
    ['the id of a tool call', { toolCall: { functionCalls: [{ id: long(257), name: 'f' }] } }],
    ['the name of a tool', { toolCall: { functionCalls: [{ id: 'c1', name: long(257) }] } }],
    ['the id of a cancelled call', { toolCallCancellation: { ids: [long(257)] } }],
    ['a modality', { usageMetadata: { promptTokensDetails: [{ modality: long(257), tokenCount: 1 }] } }],
  ])('rejects %s that is too long', (_, message) => {
    expect(modelFacts(message)).toStrictEqual([invalid]);
  });

  test('takes ids of 256 characters, and no reason of a turn that is longer', () => {
    const functionCalls = [{ id: long(256), name: long(256) }];
    expect(modelFacts({ toolCall: { functionCalls } })).toMatchObject([{ type: 'model.toolCalled' }]);
    const content = { turnComplete: true, turnCompleteReason: long(257) };
    expect(modelFacts({ serverContent: content })).toStrictEqual([{ type: 'model.turnCompleted', reason: null }]);
  });

  test('takes a handle that is too long for none, so that the last good one stays', () => {
    const update = (chars: number) => ({ sessionResumptionUpdate: { newHandle: long(chars), resumable: true } });
    expect(modelFacts(update(8_192))).toMatchObject([{ handle: long(8_192), resumable: true }]);
    expect(modelFacts(update(8_193))).toStrictEqual([
      invalid,
      { type: 'model.resumptionUpdated', handle: null, resumable: false },
    ]);
  });

  test('reads a go-away without a time as one that leaves none', () => {
    expect(modelFacts({ goAway: {} })).toStrictEqual([{ type: 'model.goingAway', timeLeftMs: 0 }]);
  });

  test('adds up token counts of the same modality', () => {
    const details = [{ modality: 'AUDIO', tokenCount: 3 }, { modality: 'AUDIO', tokenCount: 4 }, { modality: 'TEXT' }];
    expect(modelFacts({ usageMetadata: { responseTokensDetails: details } })).toMatchObject([
      { usage: { responseByModality: { AUDIO: 7, TEXT: 0 } } },
    ]);
  });

  test('never throws, whatever arrives', () => {
    const keys = fc.constantFrom(
      'serverContent',
      'toolCall',
      'toolCallCancellation',
      'usageMetadata',
      'goAway',
      'sessionResumptionUpdate',
      'voiceActivity',
      'modelTurn',
      'parts',
      'inlineData',
      'inputTranscription',
      'functionCalls',
      'ids',
      'text',
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof({ maxDepth: 6 }, fc.jsonValue(), tie('object'), fc.array(tie('object'), { maxLength: 3 })),
      object: fc.dictionary(keys, tie('tree'), { maxKeys: 5 }),
    }));
    fc.assert(
      fc.property(tree, (message) => {
        expect(modelFacts(message)).toBeInstanceOf(Array);
      }),
    );
  });
});

function part(value: unknown): unknown {
  return { serverContent: { modelTurn: { parts: [value] } } };
}

function pcm16(...samples: number[]): Uint8Array {
  return new Uint8Array(Int16Array.from(samples).buffer);
}

function long(chars: number): string {
  return 'x'.repeat(chars);
}

/** A tool call whose arguments have so many characters. */
function wordyCall(id: string, chars: number) {
  return { id, name: 'lookup_record', args: { q: long(chars - '{"q":""}'.length) } };
}
