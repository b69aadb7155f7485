import type { JsonObject } from '../../../encoding/json.ts';

/** In what the model goes beyond all reason: how many of them it sends, or how long a thing is. */
export const excessKinds = [
  'messages',
  'frameChars',
  'parts',
  'toolCalls',
  'levels',
  'idChars',
  'handleChars',
  'transcriptChars',
] as const;

/** What it sends then. `count` should be far beyond what a session may send, or the client will take it for something that is meant. */
export function excessMessages(kind: (typeof excessKinds)[number], count: number): JsonObject[] {
  switch (kind) {
    case 'messages':
      return Array.from({ length: count }, () => ({ voiceActivity: { voiceActivityType: 'ACTIVITY_START' } }));
    case 'frameChars':
      return [modelTurn([{ text: 'x'.repeat(count) }])];
    case 'parts':
      return [modelTurn(Array.from({ length: count }, () => ({ text: 'A thought.' })))];
    case 'toolCalls':
      return [toolCall(Array.from({ length: count }, (_, index) => `excess-${index}`))];
    case 'levels':
      return [nested(count)];
    case 'idChars':
      return [toolCall(['x'.repeat(count)])];
    case 'handleChars':
      return [{ sessionResumptionUpdate: { newHandle: 'x'.repeat(count), resumable: true } }];
    case 'transcriptChars':
      return [{ serverContent: { outputTranscription: { text: 'word '.repeat(count / 5) } } }];
  }
}

function modelTurn(parts: readonly JsonObject[]): JsonObject {
  return { serverContent: { modelTurn: { role: 'model', parts } } };
}

function toolCall(ids: readonly string[]): JsonObject {
  return { toolCall: { functionCalls: ids.map((id) => ({ id, name: 'lookup_record', args: {} })) } };
}

function nested(levels: number): JsonObject {
  let message: JsonObject = {};
  for (let level = 1; level < levels; level += 1) message = { newThing: message };
  return message;
}
