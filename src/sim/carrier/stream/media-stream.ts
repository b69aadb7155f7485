import type { StreamOddities } from '../carrier-settings.ts';
import type { CarrierEffect, StreamEnd } from '../carrier-events.ts';
import { noted, problem } from '../carrier-events.ts';
import { MulawTimeline } from './mulaw-timeline.ts';
import { PlayoutBuffer } from './playout-buffer.ts';
import type { NextRandom } from '../../seeded-random.ts';
import type { ServerFrame } from './stream-frame.ts';
import { readServerFrame } from './stream-frame.ts';
import type { TwilioCode } from '../twilio-codes.ts';

/** One frame of the caller: 160 bytes of mu-law. */
export const frameMs = 20;
const bytesPerMs = 8;

/** The first timestamp lies in 90 to 155 ms and every one within 2 ms of the frame's time (TW-STREAM-4). */
const firstTimestampMs = { min: 90, max: 155 };
const jitterMs = 2;

/** Whom a stream belongs to. `customParameters` are what `<Parameter>` gave. */
export interface StreamIdentity {
  readonly streamSid: string;
  readonly accountSid: string;
  readonly callSid: string;
  readonly customParameters: Readonly<Record<string, string>>;
}

/** What happened on one stream. Both timelines are mu-law at 8 kHz, begin at `startedAtMs`, and hold silence where nothing was. */
export interface StreamReport {
  readonly streamSid: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** What Twilio played to the caller. */
  readonly heard: Uint8Array;
  /** What Twilio sent of the caller. */
  readonly said: Uint8Array;
  /** Audio that was sent to Twilio and never played. */
  readonly discardedBytes: number;
  /** Media frames that Twilio sent. */
  readonly framesSent: number;
  readonly received: Readonly<Record<ServerFrame['type'], number>>;
}

/**
 * Twilio's end of one media stream, from the moment its socket is open: what it sends, what it takes, what the caller hears.
 *
 * Counters are strings on one sequence (TW-STREAM-3). Times are ms on the clock of the call; what a method returns must be done
 * in order.
 */
export class CarrierStream {
  readonly streamSid: string;
  readonly #identity: StreamIdentity;
  readonly #nextRandom: NextRandom;
  readonly #oddities: StreamOddities;
  readonly #startedAtMs: number;
  readonly #mediaFromMs: number;
  readonly #playout: PlayoutBuffer;
  readonly #said = new MulawTimeline();
  readonly #warned = new Set<TwilioCode>();
  readonly #received = { media: 0, mark: 0, clear: 0, ignored: 0 };
  /** Audio of ours that has arrived. */
  #audioBytes = 0;
  #sequenceNumber = 0;
  #chunk = 0;
  #endedAtMs: number | null = null;
  /** Audio of the caller that does not fill a payload yet. */
  #waiting = new Uint8Array();

  constructor(identity: StreamIdentity, nextRandom: NextRandom, oddities: StreamOddities, startedAtMs: number) {
    this.streamSid = identity.streamSid;
    this.#identity = identity;
    this.#nextRandom = nextRandom;
    this.#oddities = oddities;
    this.#startedAtMs = startedAtMs;
    this.#playout = new PlayoutBuffer(startedAtMs);
    // The first frame that is due from here on comes up to 19 ms later, and its timestamp may jitter.
    const earliestMs = firstTimestampMs.min + jitterMs;
    const latestMs = firstTimestampMs.max - jitterMs - frameMs;
    this.#mediaFromMs = startedAtMs + earliestMs + (nextRandom() % (latestMs - earliestMs + 1));
  }

  /** `connected` and `start` back to back, without waiting for the server (TW-STREAM-2). */
  start(): CarrierEffect[] {
    const { streamSid, accountSid, callSid, customParameters } = this.#identity;
    const [sampleRate, channels] = this.#oddities.formatAsText === true ? ['8000', '1'] : [8000, 1];
    const mediaFormat = { encoding: 'audio/x-mulaw', sampleRate, channels };
    return [
      this.#send({ event: 'connected', protocol: 'Call', version: this.#oddities.version ?? '1.0.0' }),
      this.#sendCounted('start', {
        start: { accountSid, streamSid, callSid, tracks: ['inbound'], mediaFormat, customParameters },
      }),
      ...(this.#oddities.unknownEvent === true ? [this.#sendCounted('weather', { weather: 'fair' })] : []),
      noted({ atMs: this.#startedAtMs, kind: 'stream.started', streamSid }),
    ];
  }

  /** The caller's frame that ends at `dueMs`; null while the caller's leg sends nothing, which leaves a gap (TW-STREAM-4). */
  speak(audio: Uint8Array | null, dueMs: number): CarrierEffect[] {
    if (audio === null || dueMs < this.#mediaFromMs) return [];
    const sinceStartMs = dueMs - this.#startedAtMs;
    this.#said.write(audio, Math.round((sinceStartMs - frameMs) * bytesPerMs));
    return this.#payloads(audio).map((payload) => this.#sendMedia(payload, sinceStartMs));
  }

  /** The caller presses a key: one of `0-9 * #`. The track's name differs from that of media, as Twilio's does. */
  press(digit: string): CarrierEffect {
    return this.#sendCounted('dtmf', { dtmf: { track: 'inbound_track', digit } });
  }

  /** Takes a frame of the server. What is wrong with it is noted once per stream and code, and never answered (TW-STREAM-5). */
  receive(data: string | Uint8Array, atMs: number): CarrierEffect[] {
    const frame = readServerFrame(data, this.streamSid);
    this.#received[frame.type] += 1;
    if (frame.type === 'media') return this.#receiveAudio(frame.audio, atMs);
    if (frame.type === 'clear') return this.#clear(atMs);
    if (frame.type === 'ignored') return this.#warn(frame.code, frame.detail, atMs);
    this.#playout.mark(frame.name);
    return [];
  }

  /** Echoes the marks that playback has reached (TW-MARK-1). */
  advance(atMs: number): CarrierEffect[] {
    return this.#playout.takeReached(atMs).flatMap((name) => this.#echo(name, false, atMs));
  }

  nextMarkAtMs(): number | null {
    return this.#endedAtMs === null ? this.#playout.nextMarkAtMs() : null;
  }

  /** Whether the caller heard a voice in [fromMs, toMs). */
  isVoiced(fromMs: number, toMs: number): boolean {
    return this.#playout.isVoiced(fromMs, toMs);
  }

  /** What the caller heard in the frame of the line that ends at `atMs`: 160 bytes, silence included. */
  takePlayed(atMs: number): Uint8Array {
    return this.#playout.takePlayed(atMs, frameMs * bytesPerMs);
  }

  /** `stop`, then the close: how Twilio itself ends a stream (TW-CLOSE-2). Reports show either close code. */
  stop(by: StreamEnd, atMs: number): CarrierEffect[] {
    const { streamSid, accountSid, callSid } = this.#identity;
    const code = this.#nextRandom() % 2 === 0 ? 1000 : 1005;
    return [
      this.#sendCounted('stop', { stop: { accountSid, callSid } }),
      { type: 'socket.close', streamSid, code },
      this.end(by, code, atMs),
    ];
  }

  /** The stream is over: whatever has not been played is lost. `code` is that of the close. */
  end(by: StreamEnd, code: number, atMs: number): CarrierEffect {
    this.#playout.clear(atMs);
    this.#endedAtMs = atMs;
    return noted({ atMs, kind: 'stream.ended', streamSid: this.streamSid, by, code });
  }

  /** Audio of ours that the caller has heard by `atMs`, in bytes of mu-law. */
  playedBytes(atMs: number): number {
    return this.#playout.playedBytes(this.#endedAtMs ?? atMs);
  }

  /** What happened so far. */
  report(atMs: number): StreamReport {
    const endedAtMs = this.#endedAtMs ?? atMs;
    return {
      streamSid: this.streamSid,
      startedAtMs: this.#startedAtMs,
      endedAtMs,
      heard: this.#playout.heard(endedAtMs),
      said: this.#said.slice(0, Math.ceil((endedAtMs - this.#startedAtMs) * bytesPerMs)),
      discardedBytes: this.#playout.discardedBytes,
      framesSent: this.#chunk,
      received: { ...this.#received },
    };
  }

  /** One payload a frame, unless the sizes are odd: then what does not fill one waits for the next frame. */
  #payloads(audio: Uint8Array): readonly Uint8Array[] {
    const sizes = this.#oddities.payloadBytes;
    if (sizes === undefined) return [audio];
    const payloads: Uint8Array[] = [];
    let waiting = Uint8Array.of(...this.#waiting, ...audio);
    for (;;) {
      const size = Math.max(1, sizes[(this.#chunk + payloads.length) % sizes.length] ?? audio.length);
      if (waiting.length < size) break;
      payloads.push(waiting.slice(0, size));
      waiting = waiting.slice(size);
    }
    this.#waiting = waiting;
    return payloads;
  }

  #sendMedia(audio: Uint8Array, sinceStartMs: number): CarrierEffect {
    this.#chunk += 1;
    const jitter = (this.#nextRandom() % (2 * jitterMs + 1)) - jitterMs;
    const timestamp = String(Math.floor(sinceStartMs) + jitter);
    const payload = Buffer.from(audio.buffer, audio.byteOffset, audio.byteLength).toString('base64');
    this.#sequenceNumber += 1;
    // Nothing in it needs escaping, and it is by far the most frequent message.
    const media = `{"track":"inbound","chunk":"${this.#chunk}","timestamp":"${timestamp}","payload":"${payload}"}`;
    const text = `{"event":"media","sequenceNumber":"${this.#sequenceNumber}","streamSid":"${this.streamSid}","media":${media}}`;
    return { type: 'socket.send', streamSid: this.streamSid, text };
  }

  #receiveAudio(audio: Uint8Array, atMs: number): CarrierEffect[] {
    const wasEmpty = this.#playout.playedBytes(atMs) + this.#playout.discardedBytes === this.#audioBytes;
    this.#audioBytes += audio.length;
    const overflowBytes = this.#playout.push(audio, atMs);
    const effects: CarrierEffect[] = [];
    const { streamSid } = this;
    if (this.#received.media === 1) effects.push(noted({ atMs, kind: 'stream.firstMedia', streamSid }));
    if (wasEmpty) effects.push(noted({ atMs, kind: 'stream.playoutStarted', streamSid }));
    if (beginsLikeFile(audio)) effects.push(noted({ atMs, kind: 'stream.headerPlayed', streamSid }));
    if (overflowBytes > 0) effects.push(...this.#warn(31931, `${String(overflowBytes)} bytes`, atMs));
    return effects;
  }

  /** Takes back what has not been played, and echoes every waiting mark (TW-MARK-2). */
  #clear(atMs: number): CarrierEffect[] {
    const { streamSid } = this;
    const { discarded, marks } = this.#playout.clear(atMs);
    const discardedMs = discarded.length / bytesPerMs;
    return [
      noted({ atMs, kind: 'stream.cleared', streamSid, discardedMs, marks: marks.length }),
      ...marks.flatMap((name) => this.#echo(name, true, atMs)),
    ];
  }

  #echo(name: string, cleared: boolean, atMs: number): CarrierEffect[] {
    const { streamSid } = this;
    return [
      this.#sendCounted('mark', { mark: { name } }),
      noted({ atMs, kind: 'stream.markEchoed', streamSid, name, cleared }),
    ];
  }

  #warn(code: TwilioCode, detail: string, atMs: number): CarrierEffect[] {
    if (this.#warned.has(code)) return [];
    this.#warned.add(code);
    return [problem(code, detail, atMs)];
  }

  #sendCounted(event: string, body: object): CarrierEffect {
    this.#sequenceNumber += 1;
    const sequenceNumber = String(this.#sequenceNumber);
    return this.#send({ event, sequenceNumber, streamSid: this.streamSid, ...body });
  }

  #send(message: object): CarrierEffect {
    return { type: 'socket.send', streamSid: this.streamSid, text: JSON.stringify(message) };
  }
}

/** The four letters with which a WAV file begins. */
const fileHeader = Uint8Array.from('RIFF', (letter) => letter.charCodeAt(0));

function beginsLikeFile(audio: Uint8Array): boolean {
  return fileHeader.every((byte, index) => audio[index] === byte);
}
