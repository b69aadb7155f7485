import { mulawSilence } from '../../audio/mulaw.ts';
import type { CallStatus, CarrierNote, CarrierEndReason } from './carrier-events.ts';
import type { StreamReport } from './stream/media-stream.ts';
import type { RecordedAudio } from './verbs/call-recording.ts';

/** What happened on a simulated call. All times are ms on the clock of its host; audio is mu-law at 8 kHz. */
export interface CallReport {
  readonly callSid: string;
  readonly endReason: CarrierEndReason;
  readonly status: CallStatus;
  readonly timeline: readonly CarrierNote[];
  /** One for each media socket that opened. */
  readonly streams: readonly StreamReport[];
  /** What each `<Record>` has recorded. */
  readonly recordings: readonly RecordedAudio[];
  /** What Twilio played to the caller, from the start of the first stream; silence between streams. */
  readonly heard: Uint8Array;
  /** What Twilio sent of the caller, on the same time axis. */
  readonly said: Uint8Array;
}

const bytesPerMs = 8;

/** Makes the report of a call from its notes and streams. Throws a RangeError if the notes do not tell how the call ended. */
export function callReport(
  callSid: string,
  timeline: readonly CarrierNote[],
  streams: readonly StreamReport[],
  recordings: readonly RecordedAudio[],
): CallReport {
  const ended = timeline.find((note) => note.kind === 'call.ended');
  if (ended === undefined) throw new RangeError('The call has not ended.');
  const { reason: endReason, status } = ended;
  const heard = joined(streams, ({ heard: audio }) => audio);
  const said = joined(streams, ({ said: audio }) => audio);
  return { callSid, endReason, status, timeline, streams, recordings, heard, said };
}

function joined(streams: readonly StreamReport[], audioOf: (stream: StreamReport) => Uint8Array): Uint8Array {
  const [only, ...others] = streams;
  // Most calls have one stream, and an hour of sound need not be there twice.
  if (only !== undefined && others.length === 0) return audioOf(only);
  const zeroMs = streams[0]?.startedAtMs ?? 0;
  const parts = streams.map((stream) => ({
    atByte: Math.round((stream.startedAtMs - zeroMs) * bytesPerMs),
    audio: audioOf(stream),
  }));
  const lengthBytes = Math.max(0, ...parts.map(({ atByte, audio }) => atByte + audio.length));
  const whole = new Uint8Array(lengthBytes).fill(mulawSilence);
  for (const { atByte, audio } of parts) whole.set(audio, atByte);
  return whole;
}
