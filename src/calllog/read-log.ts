import { mulawSilence } from '../audio/mulaw.ts';
import type { CallSettings, ModelBehavior } from '../call/call-settings.ts';
import type { CallEvent } from '../call/events.ts';
import { usualBargeIn } from '../call/turns/barge-in-rule.ts';
import { ParleyError } from '../errors.ts';
import { assertEvent, fieldsOf, isNumber, isObject, isText, isTextOrNull } from './event-fields.ts';
import type { FieldKind } from './event-table.ts';
import { type LogHeader, logVersion, type RecordedEffect } from './log-format.ts';

/** No message of either remote holds more audio than this, so a log that claims more is damaged. */
const droppedBytesMax = 16 * 1024 * 1024;

/** No event or effect of a call nests its values so deep, and whoever walks through them does it by recursion. */
const nestingMax = 64;

/** Those of a log that does not name its filters. */
const firstFilters = 1;

/** One step of a call log: what happened, and what was ordered, as it stands in the file. */
export interface RecordedStep {
  /** Line in the file, from 1. */
  readonly line: number;
  readonly event: CallEvent;
  readonly effects: readonly RecordedEffect[];
}

/** A call log that was read. */
export interface RecordedCall {
  readonly header: LogHeader;
  readonly steps: readonly RecordedStep[];
  /** Some audio was dropped when the log was written, so effects cannot come out the same. */
  readonly audioIsMissing: boolean;
  /** Why the log ends before its call; null when it does not. */
  readonly cut: string | null;
}

/**
 * Reads a call log from its lines and the audio beside it. Dropped audio is taken as silence of the same length, so that time stays
 * right. Throws `log.invalid`, which names the line and what is wrong with it.
 */
export function readLog(text: string, audio: Uint8Array): RecordedCall {
  const lines = text.split('\n');
  if (text === '') throw invalid(1, 'the file is empty');
  if (lines.pop() !== '') throw invalid(lines.length + 1, 'the file is cut off in the middle of this line');
  const header = readHeader(lines[0] ?? '');
  const steps: RecordedStep[] = [];
  let audioIsMissing = false;
  for (const [index, source] of lines.slice(1).entries()) {
    const line = index + 2;
    const read = readLogLine(source, line, audio);
    if ('cut' in read) {
      if (line !== lines.length) throw invalid(line, 'it wants an "event" and "effects"');
      return { header, steps, audioIsMissing, cut: read.cut };
    }
    audioIsMissing ||= read.isMissing;
    steps.push(read.step);
  }
  return { header, steps, audioIsMissing, cut: null };
}

/** Reads the first line of a log. Throws `log.invalid`. */
export function readHeader(source: string): LogHeader {
  const header = parse(source, 1);
  checkHeader(header);
  const { settings } = header;
  const filters = isNumber(header.filters) ? header.filters : firstFilters;
  return { ...header, filters, settings: withEarlierRules(settings) };
}

/**
 * A log of a version that knew nothing of tools holds none of their terms, one that left barge-in to the model says nothing of it, and one
 * that knew no manual detection had none. A rule of barge-in that asked for less than the present one is replayed with what is usual of the
 * rest: the replay tells where that decides otherwise.
 */
function withEarlierRules(settings: CallSettings): CallSettings {
  const { tools, bargeIn, model } = settings;
  const automatic: Pick<ModelBehavior, 'turnDetection'> = { turnDetection: 'automatic' };
  return {
    ...settings,
    tools: isObject(tools) ? tools : {},
    bargeIn: isObject(bargeIn) ? { ...usualBargeIn, ...bargeIn } : null,
    model: {
      first: { ...automatic, ...model.first },
      fallback: model.fallback === null ? null : { ...automatic, ...model.fallback },
    },
  };
}

/** The sound beside a log: all of it, or a file of which pieces are read. */
export type SoundBytes = Pick<Uint8Array, 'length' | 'subarray'>;

/** One line behind the header: a step, and whether its sound was dropped, or why the log ends there. */
export type StepLine = { readonly step: RecordedStep; readonly isMissing: boolean } | { readonly cut: string };

/** Reads one line behind the header. Throws `log.invalid`. */
export function readLogLine(source: string, line: number, audio: SoundBytes): StepLine {
  const step = parse(source, line);
  if (isObject(step) && isText(step.cut)) return { cut: step.cut };
  if (!isObject(step) || !isObject(step.event) || !Array.isArray(step.effects)) {
    throw invalid(line, 'it wants an "event" and "effects"');
  }
  if (!step.effects.every(isEffect)) throw invalid(line, 'one of its effects has no type');
  const { event, isMissing } = withAudio(withScheduling(step.event), audio, line);
  assertEvent(event, complainAt(line));
  return { step: { line, event, effects: step.effects }, isMissing };
}

/** Earlier versions wrote only whether an answer was silent. */
function withScheduling(event: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { type, silent, ...members } = event;
  if (type !== 'tool.finished' || typeof silent !== 'boolean') return event;
  return { type, ...members, scheduling: silent ? 'silent' : 'whenIdle' };
}

/** What stands in for dropped audio. */
const silence: Partial<Record<FieldKind, number>> = { mulaw: mulawSilence, pcm: 0 };

/** The longest silence of each code so far. A line of a hundred characters may name 16 MB of it, and a log has thousands of lines. */
const silences = new Map<number, Uint8Array>();

function silenceOf(code: number, bytes: number): Uint8Array {
  const known = silences.get(code);
  if (known !== undefined && known.length >= bytes) return known.subarray(0, bytes);
  // Twice as long each time: those before stay in memory for the steps that have them.
  const longer = new Uint8Array(2 ** Math.ceil(Math.log2(bytes))).fill(code);
  silences.set(code, longer);
  return longer.subarray(0, bytes);
}

/** Puts the stored audio of an event back. */
function withAudio(
  event: Readonly<Record<string, unknown>>,
  file: SoundBytes,
  line: number,
): { event: Readonly<Record<string, unknown>>; isMissing: boolean } {
  for (const [name, kind] of fieldsOf(event.type) ?? []) {
    const code = silence[kind];
    const stored = event[name];
    if (code === undefined || !isObject(stored)) continue;
    const { at, bytes } = stored;
    if (!isCount(bytes) || bytes > droppedBytesMax)
      throw invalid(line, 'the length of its audio is not a number of bytes');
    if (at === null) return { event: { ...event, [name]: silenceOf(code, bytes) }, isMissing: true };
    if (!isCount(at)) throw invalid(line, 'the place of its audio is not a number of bytes');
    if (at + bytes > file.length) {
      throw invalid(line, `its audio ends at byte ${at + bytes}, and the audio file has ${file.length}`);
    }
    return { event: { ...event, [name]: file.subarray(at, at + bytes) }, isMissing: false };
  }
  return { event, isMissing: false };
}

function parse(source: string, line: number): unknown {
  const value = parseLine(source, line);
  let level = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > nestingMax) throw invalid(line, `its values are nested more than ${nestingMax} deep`);
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each) : []));
  }
  return value;
}

function parseLine(source: string, line: number): unknown {
  try {
    return JSON.parse(source);
  } catch {
    throw invalid(line, 'it is not JSON');
  }
}

function checkHeader(value: unknown): asserts value is LogHeader {
  const complain = complainAt(1);
  if (!isObject(value) || value.format !== 'parley-call-log') return complain('this is not the header of a call log');
  const { version, callSid, startedAt, agent, filters, settings, fillerPhrase, why } = value;
  if (version !== logVersion) {
    complain(`the log is of version ${JSON.stringify(version)}, and this Parley reads version ${logVersion}`);
  }
  if (!isText(callSid)) complain('the header has no "callSid"');
  if (!isText(startedAt) || Number.isNaN(Date.parse(startedAt)))
    complain('the "startedAt" of the header is not a time');
  if (why !== undefined && !isText(why)) complain('the "why" of the header is not a text');
  if (filters !== undefined && !isNumber(filters)) complain('the "filters" of the header are not a number');
  if (fillerPhrase !== undefined && !isText(fillerPhrase)) complain('the "fillerPhrase" of the header is not a text');
  if (agent !== undefined && !(isObject(agent) && isText(agent.name) && isText(agent.model)))
    complain('the "agent" of the header has no name and model');
  if (!isSettings(settings)) complain('the "settings" of the header are not those of a call');
}

function isSettings(value: unknown): value is CallSettings {
  return (
    isObject(value) &&
    isText(value.greeting) &&
    isText(value.apology) &&
    isTextOrNull(value.caller) &&
    isObject(value.destinations) &&
    Object.values(value.destinations).every(isDestination) &&
    isFallback(value.fallback) &&
    isNumber(value.callMsMax) &&
    isObject(value.model) &&
    isObject(value.model.first)
  );
}

function isDestination(value: unknown): boolean {
  if (!isObject(value) || !isText(value.announcement) || !isTextOrNull(value.language)) return false;
  const isKnown = value.accept === 'press1' || value.accept === 'none';
  return isKnown && Array.isArray(value.targets) && value.targets.every(isTarget);
}

function isTarget(value: unknown): boolean {
  if (!isObject(value) || (value.kind !== 'number' && value.kind !== 'sip')) return false;
  return isText(value.address) && isTextOrNull(value.callerId) && isNumber(value.ringSeconds) && isText(value.digits);
}

function isFallback(value: unknown): boolean {
  if (!isObject(value) || !isTextOrNull(value.number)) return false;
  const { voicemail } = value;
  if (voicemail === null) return true;
  return isObject(voicemail) && isText(voicemail.prompt) && isText(voicemail.thanks) && isNumber(voicemail.secondsMax);
}

function isEffect(value: unknown): value is RecordedEffect {
  return isObject(value) && isText(value.type);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function complainAt(line: number): (what: string) => never {
  return (what) => {
    throw invalid(line, what);
  };
}

function invalid(line: number, what: string): ParleyError {
  return new ParleyError('log.invalid', `line ${line}: ${what}.`);
}
