import type { CallFact, ModelUsage } from '../call/events.ts';
import type { ToolCall } from '../call/tooling/tool-call.ts';
import { decodeBase64 } from '../encoding/base64.ts';
import { isJsonObject, type JsonObject } from '../encoding/json.ts';

/**
 * Turns one message of the model into facts, each key and each part of it (GM-FRAME-2), in one fixed order that does not
 * depend on how the message is written: that the model works on, what ends the old turn, what belongs to the turn, what ends
 * it, that the model is idle, what is about the session. `setupComplete` gives no fact: who opens the session waits for it. Never
 * throws: what has the wrong shape becomes `model.frameRejected`, and the rest of the message counts. What is too long is cut,
 * passed over or rejected, so that no fact is longer than a call can keep. `newCallId` names the tool calls of a model that gives
 * them no ids (GM-TOOL-6).
 */
export function modelFacts(message: unknown, newCallId: (() => string) | null = null): CallFact[] {
  if (!isJsonObject(message)) return [invalid];
  const content = message.serverContent ?? {};
  if (!isJsonObject(content)) return [invalid];

  // The documentation shows it at either level. It comes beside the turn that it is about: a turn after which the model works
  // on is not judged by itself, and one that leaves it idle belongs to what is judged (GM-TURN-1).
  const status = whenPresent(content.interactionStatus ?? message.interactionStatus, interaction);
  const [first, last] = saysWorking(status) ? [status, []] : [[], status];

  return [
    ...first,
    ...flag(content.interrupted, { type: 'model.interrupted' }),
    ...whenPresent(message.toolCallCancellation, cancellation),
    ...whenPresent(content.modelTurn, modelTurn),
    ...whenPresent(content.inputTranscription, (value) => transcript('model.callerTranscript', value)),
    ...whenPresent(content.outputTranscription, (value) => transcript('model.agentTranscript', value)),
    ...whenPresent(message.toolCall, (value) => toolCalls(value, newCallId)),
    ...flag(content.waitingForInput, { type: 'model.waitingForInput' }),
    ...flag(content.generationComplete, { type: 'model.generationCompleted' }),
    ...flag(content.turnComplete, {
      type: 'model.turnCompleted',
      reason: isName(content.turnCompleteReason) ? content.turnCompleteReason : null,
    }),
    ...last,
    ...whenPresent(message.usageMetadata, usage),
    ...whenPresent(message.sessionResumptionUpdate, resumption),
    ...whenPresent(message.goAway, goAway),
    ...whenPresent(message.voiceActivity, voiceActivity),
  ];
}

/** Words of one message: as much as a line of the transcript holds, or minutes of speech. The rest is cut off. */
const textCharsMax = 8_000;

/** Real names and ids have some thirty characters. */
const nameCharsMax = 256;

/** What tools are asked fits into a line, and some tool may want a whole letter. */
const argumentsCharsMax = 16 * 1024;

/** Ten times what the largest model reads. All bills of the longest call come to a whole number that every journal can keep. */
const tokensMax = 10_000_000;

/** Real handles have some hundred characters. */
const handleCharsMax = 8 * 1024;

const invalid: CallFact = { type: 'model.frameRejected', fault: 'model.frameInvalid' };

/** A key that is missing, or null as the SDK may write it, says nothing. */
function whenPresent(value: unknown, read: (value: unknown) => CallFact[]): CallFact[] {
  return value === undefined || value === null ? [] : read(value);
}

function flag(value: unknown, fact: CallFact): CallFact[] {
  return whenPresent(value, () => (typeof value === 'boolean' ? (value ? [fact] : []) : [invalid]));
}

function cancellation(value: unknown): CallFact[] {
  const ids = isJsonObject(value) ? value.ids : undefined;
  if (!isArrayOf(ids, isName)) return [invalid];
  return ids.length === 0 ? [] : [{ type: 'model.toolCancelled', ids }];
}

/** The parts of a turn: the voice first, then the thoughts, each in the order of the parts (GM-FRAME-2). */
function modelTurn(value: unknown): CallFact[] {
  const parts = isJsonObject(value) ? (value.parts ?? []) : undefined;
  if (!isArrayOf(parts, isJsonObject)) return [invalid];
  return [
    ...parts.flatMap((part) => whenPresent(part.inlineData, voice)),
    ...parts.flatMap((part) => whenPresent(part.text, thought)),
  ];
}

/** The rate may go unsaid: it is always 24 kHz (GM-AUDIO-2). */
const voiceMimeType = /^audio\/pcm(?:;\s*rate=24000)?$/i;

function voice(value: unknown): CallFact[] {
  if (!isJsonObject(value) || !isText(value.mimeType) || !isText(value.data)) return [invalid];
  const pcm = voiceMimeType.test(value.mimeType) ? decodeBase64(value.data) : null;
  return [pcm === null ? { type: 'model.frameRejected', fault: 'model.audioInvalid' } : { type: 'model.audio', pcm }];
}

function thought(value: unknown): CallFact[] {
  if (!isText(value)) return [invalid];
  return value === '' ? [] : [{ type: 'model.text', text: value.slice(0, textCharsMax) }];
}

/** What the recogniser writes where it heard no words, such as `<noise>` or `<no speech>` (GM-TURN-3). */
const recogniserToken = /<[a-z][a-z _-]{0,30}>/gi;

function transcript(type: 'model.callerTranscript' | 'model.agentTranscript', value: unknown): CallFact[] {
  if (!isJsonObject(value)) return [invalid];
  // A transcript without text only says that the one before was the last.
  const written = value.text ?? '';
  if (!isText(written)) return [invalid];
  const heard = written.slice(0, textCharsMax);
  // Fragments are joined as they are, so a fragment that is a space counts. One that held only tokens does not.
  const text = heard.replaceAll(recogniserToken, '');
  const isEmpty = text === '' || (text !== heard && text.trim() === '');
  return isEmpty ? [] : [{ type, text }];
}

/**
 * All calls of the message in one fact. One whose arguments are too much is told by itself, because it must be answered (GM-TOOL-3). A
 * call without id or name cannot be answered and is rejected (GM-TOOL-1), and so is one with an id beyond all reason: to send that
 * back would do no more for the session than the watch over its silence does.
 */
function toolCalls(value: unknown, newCallId: (() => string) | null): CallFact[] {
  const requests = isJsonObject(value) ? (value.functionCalls ?? []) : undefined;
  if (!Array.isArray(requests)) return [invalid];
  const calls: ToolCall[] = [];
  const rejected: CallFact[] = [];
  for (const request of requests) {
    const call = toolCall(request, newCallId);
    if (call === null) rejected.push(invalid);
    else if (JSON.stringify(call.args).length > argumentsCharsMax)
      rejected.push({ type: 'model.toolRejected', id: call.id, name: call.name });
    else calls.push(call);
  }
  return calls.length === 0 ? rejected : [{ type: 'model.toolCalled', calls }, ...rejected];
}

function toolCall(value: unknown, newCallId: (() => string) | null): ToolCall | null {
  if (!isJsonObject(value)) return null;
  const { name } = value;
  const id = value.id ?? newCallId?.();
  const args = value.args ?? {};
  return isName(id) && id !== '' && isName(name) && isJsonObject(args) ? { id, name, args } : null;
}

function interaction(value: unknown): CallFact[] {
  if (!isText(value)) return [invalid];
  return [{ type: 'model.interaction', status: value === 'IN_PROGRESS' ? 'working' : 'idle' }];
}

function saysWorking([fact]: readonly CallFact[]): boolean {
  return fact?.type === 'model.interaction' && fact.status === 'working';
}

/**
 * A count that is missing is 0: the service leaves zeros out (GM-USAGE-1). Vertex AI calls the response by the name that it has in other
 * interfaces: candidates.
 */
function usage(value: unknown): CallFact[] {
  if (!isJsonObject(value)) return [invalid];
  const promptTokens = count(value.promptTokenCount);
  const responseTokens = count(value.responseTokenCount ?? value.candidatesTokenCount);
  const thoughtsTokens = count(value.thoughtsTokenCount);
  const totalTokens = count(value.totalTokenCount);
  const promptByModality = countByModality(value.promptTokensDetails);
  const responseByModality = countByModality(value.responseTokensDetails ?? value.candidatesTokensDetails);
  if (promptTokens === null || responseTokens === null || thoughtsTokens === null || totalTokens === null)
    return [invalid];
  if (promptByModality === null || responseByModality === null) return [invalid];
  const bill: ModelUsage = {
    promptTokens,
    responseTokens,
    thoughtsTokens,
    totalTokens,
    promptByModality,
    responseByModality,
  };
  return [{ type: 'model.usage', usage: bill }];
}

function count(value: unknown): number | null {
  if (value === undefined || value === null) return 0;
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= tokensMax ? value : null;
}

function countByModality(value: unknown): Record<string, number> | null {
  const details = value ?? [];
  if (!isArrayOf(details, isJsonObject)) return null;
  const tokens = new Map<string, number>();
  let all = 0;
  for (const { modality, tokenCount } of details) {
    const some = count(tokenCount);
    if (!isName(modality) || some === null) return null;
    tokens.set(modality, (tokens.get(modality) ?? 0) + some);
    all += some;
  }
  return all <= tokensMax ? Object.fromEntries(tokens) : null;
}

/** While the model generates, an update comes without a handle: the last good one stays in force (GM-RESUME-1). */
function resumption(value: unknown): CallFact[] {
  if (!isJsonObject(value)) return [invalid];
  const handle = value.newHandle ?? '';
  const resumable = value.resumable ?? false;
  if (!isText(handle) || typeof resumable !== 'boolean') return [invalid];
  // As if the session could not be resumed just now, so the last good one stays in force here as well.
  if (handle.length > handleCharsMax)
    return [invalid, { type: 'model.resumptionUpdated', handle: null, resumable: false }];
  return [{ type: 'model.resumptionUpdated', handle: handle === '' ? null : handle, resumable }];
}

/** A duration is written as "50s" or "1.5s"; a missing one is none at all (GM-GOAWAY-1). */
function goAway(value: unknown): CallFact[] {
  const timeLeft = isJsonObject(value) ? (value.timeLeft ?? '0s') : undefined;
  if (!isText(timeLeft) || !/^\d{1,6}(?:\.\d{1,9})?s$/.test(timeLeft)) return [invalid];
  return [{ type: 'model.goingAway', timeLeftMs: Math.round(Number(timeLeft.slice(0, -1)) * 1000) }];
}

function voiceActivity(value: unknown): CallFact[] {
  if (!isJsonObject(value)) return [invalid];
  // The key has two names (GM-VAD-4).
  switch (value.voiceActivityType ?? value.type) {
    case 'ACTIVITY_START':
      return [{ type: 'model.voiceActivity', activity: 'start' }];
    case 'ACTIVITY_END':
      return [{ type: 'model.voiceActivity', activity: 'end' }];
    default:
      return [];
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** A text that the call keeps or compares. */
function isName(value: unknown): value is string {
  return isText(value) && value.length <= nameCharsMax;
}

function isArrayOf<Item extends string | JsonObject>(
  value: unknown,
  isItem: (item: unknown) => item is Item,
): value is readonly Item[] {
  return Array.isArray(value) && value.every(isItem);
}
