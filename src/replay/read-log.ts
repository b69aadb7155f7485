import type { CallSettings } from '../core/call-settings.ts';
import type { CallEvent, CallFact } from '../core/events.ts';
import { ParleyError } from '../errors.ts';
import { type LogHeader, logVersion } from './log-format.ts';

/** One step of a call log: what happened, and what was ordered, as it stands in the file. */
export interface RecordedStep {
  /** Line in the file, from 1. */
  readonly line: number;
  readonly event: CallEvent;
  readonly effects: readonly unknown[];
}

/** A call log that was read. `audioIsMissing`: some audio was dropped when it was written, so effects cannot come out the same. */
export interface CallRecord {
  readonly header: LogHeader;
  readonly steps: readonly RecordedStep[];
  readonly audioIsMissing: boolean;
}

/** All event names, so that a log with an event of another version is refused and not misunderstood. */
const eventTypes: Readonly<Record<CallFact['type'], true>> = {
  'call.received': true,
  'call.completed': true,
  'connect.ended': true,
  'dial.ended': true,
  'stream.started': true,
  'stream.media': true,
  'stream.dtmf': true,
  'stream.marked': true,
  'stream.stopped': true,
  'stream.closed': true,
  'stream.frameRejected': true,
  'telephony.updated': true,
  'telephony.failed': true,
  'model.opened': true,
  'model.openFailed': true,
  'model.closed': true,
  'model.frameRejected': true,
  'model.audio': true,
  'model.text': true,
  'model.interrupted': true,
  'model.generationCompleted': true,
  'model.turnCompleted': true,
  'model.waitingForInput': true,
  'model.interaction': true,
  'model.callerTranscript': true,
  'model.agentTranscript': true,
  'model.toolCalled': true,
  'model.toolCancelled': true,
  'model.usage': true,
  'model.goingAway': true,
  'model.resumptionUpdated': true,
  'model.voiceActivity': true,
  'tool.finished': true,
  'tool.failed': true,
  'service.drained': true,
  tick: true,
};

/** Reads a call log from its lines and the audio beside it. Throws `log.invalid`, which names the line and what is wrong with it. */
export function readLog(text: string, audio: Uint8Array): CallRecord {
  const lines = text.split('\n');
  if (lines.at(-1) !== '') throw invalid(lines.length, 'the file is cut off in the middle of this line');
  lines.pop();
  const header = parse(lines[0] ?? '', 1);
  if (!isHeader(header)) throw invalid(1, `this is not the header of a call log of version ${logVersion}`);
  let audioIsMissing = false;
  const steps = lines.slice(1).map((source, index): RecordedStep => {
    const line = index + 2;
    const step = parse(source, line);
    if (!isObject(step) || !isObject(step.event) || !Array.isArray(step.effects)) {
      throw invalid(line, 'it wants an "event" and "effects"');
    }
    const { event, missing } = withAudio(step.event, audio, line);
    audioIsMissing ||= missing;
    if (!isEvent(event)) throw invalid(line, `"${String(event.type)}" is no event of this version`);
    return { line, event, effects: step.effects };
  });
  return { header, steps, audioIsMissing };
}

/** Puts the stored audio back. Audio that was dropped becomes silence of the same length, so that time stays right. */
function withAudio(
  event: Record<string, unknown>,
  audio: Uint8Array,
  line: number,
): { event: Record<string, unknown>; missing: boolean } {
  let missing = false;
  const entries = Object.entries(event).map(([key, member]): [string, unknown] => {
    if ((key !== 'audio' && key !== 'pcm') || !isObject(member)) return [key, member];
    const { at, bytes } = member;
    if (typeof bytes !== 'number') throw invalid(line, 'its audio has no length');
    if (at === null) {
      missing = true;
      return [key, new Uint8Array(bytes).fill(key === 'audio' ? 0xff : 0)];
    }
    if (typeof at !== 'number' || at + bytes > audio.length) throw invalid(line, 'its audio is not in the audio file');
    return [key, audio.subarray(at, at + bytes)];
  });
  return { event: Object.fromEntries(entries), missing };
}

function parse(source: string, line: number): unknown {
  try {
    return JSON.parse(source);
  } catch {
    throw invalid(line, 'it is not JSON');
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isHeader(value: unknown): value is LogHeader {
  return (
    isObject(value) && value.format === 'parley-call-log' && value.version === logVersion && isSettings(value.settings)
  );
}

function isSettings(value: unknown): value is CallSettings {
  return (
    isObject(value) &&
    typeof value.greeting === 'string' &&
    typeof value.apology === 'string' &&
    isObject(value.destinations) &&
    typeof value.callMsMax === 'number'
  );
}

function isEvent(value: Record<string, unknown>): value is Record<string, unknown> & CallEvent {
  return typeof value.atMs === 'number' && typeof value.type === 'string' && Object.hasOwn(eventTypes, value.type);
}

function invalid(line: number, what: string): ParleyError {
  return new ParleyError('log.invalid', `line ${line}: ${what}.`);
}
