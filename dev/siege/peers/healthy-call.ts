import type { WebSocket } from 'ws';
import { encodePcm16, mulawBytesPerMs } from '../../../src/audio/mulaw.ts';
import { decodeBase64, encodeBase64 } from '../../../src/encoding/base64.ts';
import { isJsonObject, type JsonObject, parseJson } from '../../../src/encoding/json.ts';
import { mulawCodec } from '../../../src/sounds/mulaw-codec.ts';
import { SiegeLine } from '../siege-line.ts';
import { signedFrameMs, SignedFrames, toneFrames } from './signed-frames.ts';

/** Twilio plays what it gets a little later, and only then sends marks back. */
const playedLaterMs = 100;

/** The caller interrupts so often: after each so many frames. */
const framesPerTurn = 50;

const callerPayloads = toneFrames(8_000).map((pcm) => encodeBase64(encodePcm16(pcm, mulawCodec)));
const agentMessages = toneFrames(24_000).map((pcm) => {
  const inlineData = { mimeType: 'audio/pcm;rate=24000', data: encodeBase64(pcm) };
  return JSON.stringify({ serverContent: { modelTurn: { parts: [{ inlineData }] } } });
});
const interruption = '{"serverContent":{"interrupted":true}}';
const turnEnd = '{"serverContent":{"turnComplete":true}}';

/**
 * A call that nothing is wrong with, from both ends: caller and model speak all the time, in frames that are signed by their tones, and the
 * caller interrupts once a second.
 */
export class HealthyCall {
  readonly #fromCaller = new SignedFrames();
  readonly #fromAgent = new SignedFrames();
  readonly #line: SiegeLine;
  readonly #alsoSays: (frame: number) => string | null;
  readonly #beginsMs = performance.now();
  #phone: WebSocket | null = null;
  #model: WebSocket | null = null;
  #beat: NodeJS.Timeout | undefined;
  #frames = 0;
  #interruptedMs: number | null = null;
  #clearTrips: number[] = [];
  #answers = 0;
  #lastAnswer = '';
  #broken = '';

  /** `alsoSays`: the message that the model sends beside the frame of this number, or null for none. */
  constructor(port: number, alsoSays: (frame: number) => string | null = () => null) {
    this.#line = new SiegeLine(port);
    this.#alsoSays = alsoSays;
  }

  /** Whether the next model session is this call's. */
  get wantsSession(): boolean {
    return this.#model === null;
  }

  get callSid(): string {
    return this.#line.callSid;
  }

  get broken(): string {
    return this.#broken;
  }

  /** Whether frames come through both ways. */
  get isTalking(): boolean {
    return this.#fromCaller.trips.length > framesPerTurn && this.#fromAgent.trips.length > framesPerTurn;
  }

  /** How long messages were on their way since `startOver`, in ms. */
  get tripsMs(): readonly number[] {
    return [...this.#fromCaller.trips, ...this.#fromAgent.trips, ...this.#clearTrips];
  }

  /** How many frames never came, as far as is known. */
  get lost(): number {
    return this.#fromCaller.lost + this.#fromAgent.lost;
  }

  /** Since when a message is on its way that has not come; Infinity when all have. */
  get waitingSinceMs(): number {
    return Math.min(this.#fromCaller.waitingSinceMs, this.#fromAgent.waitingSinceMs, this.#interruptedMs ?? Infinity);
  }

  /** The last answer to a tool call, as JSON. */
  get lastAnswer(): string {
    return this.#lastAnswer;
  }

  /** How many tool calls of its model were answered since `startOver`. */
  get answers(): number {
    return this.#answers;
  }

  startOver(): void {
    this.#fromCaller.startOver();
    this.#fromAgent.startOver();
    this.#clearTrips = [];
    this.#answers = 0;
  }

  async place(): Promise<void> {
    if (!(await this.#line.dial())) return this.#break('Parley did not take it');
    const phone = await this.#line.openStream();
    this.#phone = phone;
    phone.on('message', (data: Buffer) => this.#phoneHears(parseJson(data.toString())));
    phone.on('close', (code) => this.#break(`its stream was closed with ${code}`));
    this.#beat = setInterval(() => this.#speak(), signedFrameMs / 2);
  }

  /** Parley opens the model session. */
  takeSession(socket: WebSocket): void {
    this.#model = socket;
    // A broken socket also closes.
    socket.on('error', () => {});
    socket.on('message', (data: Buffer) => this.#modelHears(parseJson(data.toString())));
    socket.on('close', (code) => this.#break(`its model session was closed with ${code}`));
  }

  /** Has its model send a message, beside its sound. */
  say(message: string): void {
    this.#model?.send(message);
  }

  /** Lets go of both ends. */
  leave(): void {
    clearInterval(this.#beat);
    this.#phone?.terminate();
    this.#model?.terminate();
  }

  #break(why: string): void {
    clearInterval(this.#beat);
    this.#broken ||= why;
  }

  /** Sends the frames that are due by now, on both sides. */
  #speak(): void {
    const nowMs = performance.now();
    while (this.#frames * signedFrameMs < nowMs - this.#beginsMs) {
      const payload = callerPayloads[this.#fromCaller.send(nowMs)] ?? '';
      this.#phone?.send(this.#line.mediaMessage(payload, this.#frames * signedFrameMs));
      this.#frames += 1;
      if (this.#model === null) continue;
      this.#model.send(agentMessages[this.#fromAgent.send(nowMs)] ?? '');
      const words = this.#alsoSays(this.#frames);
      if (words !== null) this.#model.send(words);
      // Right behind a frame, which the caller cannot have heard yet: so there is something to clear.
      if (this.#frames % framesPerTurn === 0) this.#interrupt(nowMs);
    }
  }

  /** Unless the last interruption still waits for its `clear`. */
  #interrupt(nowMs: number): void {
    if (this.#interruptedMs !== null) return;
    this.#interruptedMs = nowMs;
    this.#fromAgent.interrupt();
    this.#model?.send(interruption);
    this.#model?.send(turnEnd);
  }

  #modelHears(message: unknown): void {
    if (!isJsonObject(message)) return;
    if (message['setup'] !== undefined) this.#model?.send('{"setupComplete":{}}');
    if (message['toolResponse'] !== undefined) {
      this.#answers += 1;
      this.#lastAnswer = JSON.stringify(message['toolResponse']);
    }
    const { audio } = objectIn(message, 'realtimeInput');
    const pcm = isJsonObject(audio) ? decodeBase64(String(audio['data'])) : null;
    if (pcm !== null) this.#fromCaller.receive(pcm, 16_000, performance.now());
  }

  #phoneHears(message: unknown): void {
    if (!isJsonObject(message)) return;
    switch (message['event']) {
      case 'media': {
        const mulaw = decodeBase64(String(objectIn(message, 'media')['payload'])) ?? new Uint8Array();
        const samples = Int16Array.from(mulaw, (code) => mulawCodec.decode[code] ?? 0);
        this.#fromAgent.receive(new Uint8Array(samples.buffer), mulawBytesPerMs * 1_000, performance.now());
        return;
      }
      case 'mark': {
        const echo = this.#line.message('mark', { mark: message['mark'] });
        setTimeout(() => this.#phone?.send(echo), playedLaterMs);
        return;
      }
      case 'clear':
        if (this.#interruptedMs !== null) this.#clearTrips.push(performance.now() - this.#interruptedMs);
        this.#interruptedMs = null;
        this.#fromAgent.interrupted();
        return;
      default:
    }
  }
}

function objectIn(message: JsonObject, name: string): JsonObject {
  const member = message[name];
  return isJsonObject(member) ? member : {};
}
