import { mulawSilence } from '../../../audio/mulaw.ts';
import type { FormFields } from '../carrier-events.ts';
import type { CallIdentity } from '../carrier-settings.ts';
import type { RecordVerb } from '../twiml/twiml.ts';
import { isVoiced } from './voiced.ts';
import { twilioDate } from '../twilio-date.ts';

const bytesPerMs = 8;

/** Twilio's beep is short, and no part of the recording. Its length is not documented. */
const beepMs = 500;

/** What a caller has said to a `<Record>`. */
export interface RecordedAudio {
  readonly recordingSid: string;
  /** 8 kHz mu-law; silence where the caller's leg sent nothing. */
  readonly audio: Uint8Array;
}

/** A `<Record>` that runs: from its beep until silence, a key, its length, or the end of the call (TW-TWIML-5). */
export class CallRecording {
  readonly verb: RecordVerb;
  readonly recordingSid: string;
  readonly beginsAtMs: number;
  readonly #frames: Uint8Array[] = [];
  #lengthMs = 0;
  #untilMs: number;
  #heardVoice = false;
  #endedBy = '';

  constructor(verb: RecordVerb, recordingSid: string, atMs: number) {
    this.verb = verb;
    this.recordingSid = recordingSid;
    this.beginsAtMs = atMs + (verb.playsBeep ? beepMs : 0);
    this.#untilMs = this.beginsAtMs + Math.min(verb.silenceMs, verb.lengthMsMax);
  }

  /** When the recording is over unless the caller goes on. */
  get untilMs(): number {
    return this.#untilMs;
  }

  /** A recording in which nobody spoke counts as empty, and its action is not requested. */
  get isEmpty(): boolean {
    return !this.#heardVoice;
  }

  get durationMs(): number {
    return this.#lengthMs;
  }

  /** The key that ended it, `hangup`, or nothing. */
  get endedBy(): string {
    return this.#endedBy;
  }

  /** The 20 ms of the caller that end at `atMs`; null where none came. */
  hear(audio: Uint8Array | null, frameMs: number, atMs: number): void {
    if (atMs <= this.beginsAtMs || atMs > this.#untilMs) return;
    this.#frames.push(audio ?? new Uint8Array(frameMs * bytesPerMs).fill(mulawSilence));
    this.#lengthMs += frameMs;
    if (audio === null || !isVoiced(audio)) return;
    this.#heardVoice = true;
    this.#untilMs = Math.min(atMs + this.verb.silenceMs, this.beginsAtMs + this.verb.lengthMsMax);
  }

  press(digit: string, atMs: number): void {
    if (atMs < this.beginsAtMs || !this.verb.finishOnKey.includes(digit)) return;
    this.#end(digit, atMs);
  }

  /** The caller has hung up. */
  hangUp(atMs: number): void {
    this.#end('hangup', atMs);
  }

  recorded(): RecordedAudio {
    const audio = new Uint8Array(this.#frames.reduce((bytes, frame) => bytes + frame.length, 0));
    let offset = 0;
    for (const frame of this.#frames) {
      audio.set(frame, offset);
      offset += frame.length;
    }
    return { recordingSid: this.recordingSid, audio };
  }

  #end(by: string, atMs: number): void {
    this.#endedBy = by;
    this.#untilMs = atMs;
  }
}

/** The fields of the action of `<Record>` (TW-TWIML-5). */
export function recordForm(recording: CallRecording, call: CallIdentity): FormFields {
  return {
    RecordingUrl: recordingUrl(recording, call),
    RecordingSid: recording.recordingSid,
    RecordingDuration: seconds(recording.durationMs),
    ...(recording.endedBy === '' ? {} : { Digits: recording.endedBy }),
  };
}

/** The fields of `recordingStatusCallback` (TW-TWIML-5). */
export function recordingStatusForm(
  recording: CallRecording,
  call: CallIdentity,
  status: 'in-progress' | 'completed' | 'absent',
  zeroUnixMs: number,
): FormFields {
  return {
    AccountSid: call.accountSid,
    CallSid: call.callSid,
    RecordingSid: recording.recordingSid,
    RecordingStatus: status,
    RecordingSource: 'RecordVerb',
    RecordingChannels: '1',
    RecordingTrack: 'inbound',
    RecordingStartTime: twilioDate(zeroUnixMs + recording.beginsAtMs),
    ...(status === 'completed'
      ? { RecordingUrl: recordingUrl(recording, call), RecordingDuration: seconds(recording.durationMs) }
      : {}),
  };
}

function recordingUrl({ recordingSid }: CallRecording, { accountSid }: CallIdentity): string {
  return `https://api.twilio.com/2010-04-01/Accounts/${accountSid}/Recordings/${recordingSid}`;
}

function seconds(ms: number): string {
  return String(Math.round(ms / 1000));
}
