import type { CallObserver } from '../call/call-observer.ts';
import type { CallInstruction, CallEffect } from '../call/effects.ts';
import type { CallEvent } from '../call/events.ts';
import { calleeStates, type CalleeState } from '../call/phone/callee-state.ts';
import type { DialTarget } from '../call/phone/destination.ts';
import { lineAwayMsMax } from '../call/phone/stream-events.ts';
import type { CallMemory, MemoryItem } from '../call/talk/memory.ts';
import { leavesUnknown, unknownOutcome } from '../call/tooling/tool-words.ts';
import type { PastWrite } from '../call/tooling/writes.ts';
import { isJsonObject, type JsonObject } from '../encoding/json.ts';
import type { ErrorCode } from '../errors.ts';
import type { CallRecord } from './writing/call-record.ts';
import type { JournaledCall, JournaledEntry } from './journal-entry.ts';

/** A handle lives two hours after the end of its session (GM-RESUME-1). A little less, because clocks and journals are late. */
const handleMsMax = 100 * 60_000;

/** One every three seconds of the longest call. What a model sends beyond them is of use to this process alone. */
const handlesMax = 5_000;

/** Writes into the journal what a call must not forget when its process dies. */
export class CallJournal implements CallObserver {
  readonly #record: CallRecord;
  readonly #models: { readonly first: string; readonly fallback: string };
  readonly #tools = new Map<string, { readonly name: string; readonly isWrite: boolean }>();
  #model: string;
  #lastInstruction = '';
  #handles = 0;
  /** The number of the stream that Twilio was told to open last. */
  #stream = 0;

  constructor(record: CallRecord, models: { readonly first: string; readonly fallback: string }) {
    this.#record = record;
    this.#models = models;
    this.#model = models.first;
  }

  write(event: CallEvent, effects: readonly CallEffect[]): void {
    if (event.type === 'model.resumptionUpdated' && event.resumable && event.handle !== null) {
      this.#handles += 1;
      if (this.#handles <= handlesMax) {
        this.#record.append({ kind: 'handle', handle: event.handle, model: this.#model });
      }
    }
    if (event.type === 'stream.started') this.#record.append({ kind: 'streamed', stream: this.#stream });
    if (event.type === 'operator.noted' && isTaken(effects)) this.#record.append({ kind: 'noted', text: event.text });
    if (event.type === 'tool.finished') this.#toolAnswered(event.id, { ...event.response });
    if (event.type === 'tool.failed') this.#toolFailed(event.id, event.fault, event.message);
    for (const effect of effects) this.#writeEffect(effect);
  }

  /** Nothing more comes. The call has ended, or crashed. */
  close(): void {
    this.#record.end('crashed');
  }

  #writeEffect(effect: CallEffect): void {
    switch (effect.type) {
      case 'call.answer':
      case 'telephony.update':
        return this.#told(effect.instruction);
      case 'transcript.add': {
        const { speaker, text, cut } = effect;
        return this.#record.append({ kind: 'said', speaker, text, cut });
      }
      case 'tool.run': {
        const { id, name, args } = effect.call;
        const isWrite = effect.effect === 'write';
        this.#tools.set(id, { name, isWrite });
        return this.#record.append({
          kind: 'toolStarted',
          id,
          name,
          args: { ...args },
          ...(isWrite && { write: true }),
        });
      }
      case 'model.open':
        this.#model = effect.fallback ? this.#models.fallback : this.#models.first;
        // A handle that is not tried again is useless.
        if (effect.handle === null) this.#record.append({ kind: 'handle', handle: null, model: this.#model });
        return;
      case 'note':
        return effect.name === 'callee' ? this.#calleeIs(effect.fields) : undefined;
      case 'call.end':
        return this.#record.end(effect.reason);
      default:
    }
  }

  /** A repeated question gets the same answer, which is written once. */
  #told(instruction: CallInstruction): void {
    if (instruction.kind === 'stream') this.#stream = instruction.number;
    const json = JSON.stringify(instruction);
    if (json === this.#lastInstruction) return;
    this.#lastInstruction = json;
    this.#record.append({ kind: 'state', phase: instruction.kind, facts: { ...instruction } });
  }

  /** Whether a person has the caller must be known to the process that hears how the dialled leg ended. */
  #calleeIs({ attempt, callee }: Extract<CallEffect, { type: 'note' }>['fields']): void {
    const state = calleeStates.find((one) => one === callee);
    if (state !== undefined) this.#record.append({ kind: 'callee', attempt: Number(attempt), state });
  }

  /** A write of which nobody knows whether it was done stays without an answer, as if its process had died. */
  #toolFailed(id: string, fault: ErrorCode, message: string): void {
    if (this.#tools.get(id)?.isWrite === true && leavesUnknown(fault)) this.#tools.delete(id);
    else this.#toolAnswered(id, { error: message });
  }

  #toolAnswered(id: string, response: JsonObject): void {
    const tool = this.#tools.get(id);
    if (tool === undefined) return;
    this.#tools.delete(id);
    this.#record.append({ kind: 'toolAnswered', id, name: tool.name, response });
  }
}

/** Whether the call took what it was asked for. */
function isTaken(effects: readonly CallEffect[]): boolean {
  return effects.some((effect) => effect.type === 'request.answer' && effect.refusal === null);
}

/** What the journal knows of a call, for the call that goes on. `model`: whose handles can be used; `nowMs`: Unix time. */
export function callMemory({ startedAtMs, entries }: JournaledCall, model: string, nowMs: number): CallMemory {
  const toolArgs = new Map<string, JsonObject>();
  const items: MemoryItem[] = [];
  let handle: CallMemory['handle'] = null;
  // The first answer is always a stream, and its entry may have come too late.
  let instruction: CallInstruction = { kind: 'stream', number: 1 };
  let streamNumber = 0;
  let callee: CalleeState = 'ringing';
  for (const entry of entries) {
    const atMs = Math.min(0, entry.atMs - nowMs);
    if (entry.kind === 'toolStarted') toolArgs.set(entry.id, entry.args);
    if (entry.kind === 'state') {
      instruction = instructionOf(entry.facts) ?? instruction;
      callee = 'ringing';
    }
    if (entry.kind === 'callee' && instruction.kind === 'dial' && instruction.attempt === entry.attempt)
      callee = entry.state;
    if (instruction.kind === 'stream') streamNumber = Math.max(streamNumber, instruction.number);
    if (entry.kind === 'handle') handle = usableHandle(entry, model, atMs);
    const item = itemOf(entry, toolArgs, atMs);
    if (item !== null) items.push(item);
  }
  const last = entries.findLast(({ kind }) => kind !== 'takenOver');
  // The process that was to go on may have been about to end as well, and Twilio waits for the next one.
  const wasQuiet = last?.kind === 'leftQuiet' && nowMs - last.atMs <= lineAwayMsMax;
  return {
    items: [...items, ...unknownOutcomes(entries)],
    handle,
    instruction,
    streamNumber,
    callee,
    elapsedMs: Math.max(0, nowMs - startedAtMs),
    writes: writesOf(entries),
    ...(wasQuiet && { wasQuiet }),
  };
}

/** Tools that ran when the process died. Nobody knows how they ended. */
function unknownOutcomes(entries: readonly JournaledEntry[]): MemoryItem[] {
  const answered = new Set(entries.flatMap((entry) => (entry.kind === 'toolAnswered' ? [entry.id] : [])));
  return entries.flatMap((entry): MemoryItem[] => {
    if (entry.kind !== 'toolStarted' || answered.has(entry.id)) return [];
    const error =
      entry.write === true ? unknownOutcome : 'This was broken off. Call the tool again if it is still wanted.';
    return [{ kind: 'tool', atMs: 0, call: { name: entry.name, args: entry.args }, response: { error } }];
  });
}

/** The writes of a call, in the order in which they began. A handle that came after a result covers it: whoever goes on knows it. */
function writesOf(entries: readonly JournaledEntry[]): PastWrite[] {
  const writes: { readonly id: string; readonly call: PastWrite['call']; outcome: PastWrite['outcome'] }[] = [];
  for (const entry of entries) {
    if (entry.kind === 'toolStarted' && entry.write === true)
      writes.push({ id: entry.id, call: { name: entry.name, args: entry.args }, outcome: 'unknown' });
    if (entry.kind === 'toolAnswered') {
      // Another session may have used the same id before.
      const write = writes.findLast(({ id }) => id === entry.id);
      if (write !== undefined) write.outcome = entry.response;
    }
    if (entry.kind !== 'handle' || entry.handle === null) continue;
    for (const write of writes) if (write.outcome !== 'unknown') write.outcome = 'told';
  }
  return writes.map(({ call, outcome }) => ({ call, outcome }));
}

function itemOf(entry: JournaledEntry, toolArgs: ReadonlyMap<string, JsonObject>, atMs: number): MemoryItem | null {
  if (entry.kind === 'said') {
    const { kind, speaker, text, cut } = entry;
    return { kind, atMs, speaker, text, cut };
  }
  if (entry.kind === 'noted') return { kind: entry.kind, atMs, text: entry.text };
  if (entry.kind !== 'toolAnswered') return null;
  const call = { name: entry.name, args: toolArgs.get(entry.id) ?? {} };
  return { kind: 'tool', atMs, call, response: entry.response };
}

function usableHandle(
  { handle, model: ofModel }: Extract<JournaledEntry, { kind: 'handle' }>,
  model: string,
  atMs: number,
): CallMemory['handle'] {
  return handle === null || ofModel !== model || atMs < -handleMsMax ? null : { value: handle, atMs };
}

/** The instruction as it was written; null when another version wrote something that this one does not know. */
function instructionOf(facts: unknown): CallInstruction | null {
  if (!isJsonObject(facts)) return null;
  const { kind, number, say, secondsMax } = facts;
  const spoken = typeof say === 'string' ? say : null;
  switch (kind) {
    case 'stream':
      return typeof number === 'number' ? { kind, number } : null;
    case 'dial':
      return dialInstructionOf(facts, spoken);
    case 'record':
      return spoken === null || typeof secondsMax !== 'number' ? null : { kind, say: spoken, secondsMax };
    case 'hangUp':
      return { kind, say: spoken };
    default:
      return null;
  }
}

function dialInstructionOf(
  { attempt, target, transfer, mustAccept }: JsonObject,
  say: string | null,
): CallInstruction | null {
  const whom = targetOf(target);
  if (typeof attempt !== 'number' || whom === null || typeof mustAccept !== 'boolean') return null;
  if (transfer === null) return { kind: 'dial', attempt, target: whom, transfer, mustAccept, say };
  if (!isJsonObject(transfer)) return null;
  const { destination, reason, step } = transfer;
  if (typeof destination !== 'string' || typeof step !== 'number') return null;
  const order = { destination, reason: typeof reason === 'string' ? reason : null, step };
  return { kind: 'dial', attempt, target: whom, transfer: order, mustAccept, say };
}

function targetOf(target: unknown): DialTarget | null {
  if (!isJsonObject(target)) return null;
  const { kind, address, callerId, ringSeconds, digits } = target;
  if ((kind !== 'number' && kind !== 'sip') || typeof address !== 'string' || typeof digits !== 'string') return null;
  if (typeof ringSeconds !== 'number') return null;
  return { kind, address, callerId: typeof callerId === 'string' ? callerId : null, ringSeconds, digits };
}
