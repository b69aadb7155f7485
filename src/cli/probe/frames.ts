import type { CallFact } from '../../call/events.ts';
import { isJsonObject, type JsonObject, parseJson } from '../../encoding/json.ts';
import { shortText } from '../../encoding/short-text.ts';
import { modelFacts } from '../../gemini/messages.ts';

/** One message on the wire, or the end of the connection. */
export interface Frame {
  /** The number of the session within its question, counted from 1. */
  readonly session: number;
  /** Since the question began. */
  readonly atMs: number;
  readonly from: 'probe' | 'service';
  /**
   * `{ close: { code, reason } }` for an end, `{ notJson: text }` for a frame that is not a JSON object, `{ audioMs }` for audio of the
   * caller without a pause.
   */
  readonly message: JsonObject;
  /** What Parley reads out of a message of the service. */
  readonly facts: readonly CallFact[];
}

/** A turn has some fifty messages, and the caller's audio is told in sums. */
const framesMax = 20_000;

/** The longest status or reason that a message names. */
const wordCharsMax = 40;

/** PCM16 at 16 kHz, and what becomes of three bytes in base64. */
const base64CharsPerMs = (32 / 3) * 4;

/** Everything that one question sent and got, in order. */
export class FrameLog {
  readonly #startedAtMs = performance.now();
  readonly #frames: Frame[] = [];

  /** The time of a frame that would come now. */
  get nowMs(): number {
    return Math.round(performance.now() - this.#startedAtMs);
  }

  /** Notes a frame and returns it. Beyond the bound it is not kept. */
  add(session: number, from: Frame['from'], text: string): Frame {
    const parsed = parseJson(text);
    const audioMs = from === 'probe' ? audioMsOf(parsed) : 0;
    if (audioMs > 0) return this.#addAudio(session, audioMs);
    const message = isJsonObject(parsed) ? parsed : { notJson: text.slice(0, 1000) };
    return this.#keep(session, from, message);
  }

  addEnd(session: number, close: { readonly code: number; readonly reason: string }): Frame {
    return this.#keep(session, 'service', { close });
  }

  all(): readonly Frame[] {
    return this.#frames;
  }

  #addAudio(session: number, audioMs: number): Frame {
    const last = this.#frames.at(-1);
    if (last?.session === session && typeof last.message.audioMs === 'number') {
      this.#frames.pop();
      const sum = { ...last, message: { audioMs: last.message.audioMs + audioMs } };
      this.#frames.push(sum);
      return sum;
    }
    return this.#keep(session, 'probe', { audioMs });
  }

  #keep(session: number, from: Frame['from'], message: JsonObject): Frame {
    const atMs = this.nowMs;
    const isMessage = from === 'service' && message.close === undefined && message.notJson === undefined;
    // The ids of calls that have none need only be different.
    const facts = isMessage ? modelFacts(message, () => `unnamed-${this.#frames.length}`) : [];
    const frame = { session, atMs, from, message, facts };
    if (this.#frames.length < framesMax) this.#frames.push(frame);
    return frame;
  }
}

/** How much audio of the caller a message holds; 0 for any other message. */
function audioMsOf(message: unknown): number {
  const input = isJsonObject(message) ? message.realtimeInput : undefined;
  const audio = isJsonObject(input) ? input.audio : undefined;
  const data = isJsonObject(audio) ? audio.data : undefined;
  return typeof data === 'string' ? Math.round(data.length / base64CharsPerMs) : 0;
}

/**
 * The order of messages in words, with the keys of each: `modelTurn ×12, generationComplete, turnComplete + usageMetadata`. Messages of
 * the same kind that follow each other are counted.
 */
export function wireOrder(frames: readonly Frame[]): string {
  const runs: { name: string; times: number }[] = [];
  for (const { from, message } of frames) {
    if (from !== 'service') continue;
    const name = keysOf(message).join(' + ') || '{}';
    const last = runs.at(-1);
    if (last?.name === name) last.times += 1;
    else runs.push({ name, times: 1 });
  }
  return runs.map(({ name, times }) => (times === 1 ? name : `${name} ×${times}`)).join(', ') || 'nothing';
}

function keysOf(message: JsonObject): string[] {
  return Object.entries(message).flatMap(([key, value]) => {
    if (key === 'serverContent' && isJsonObject(value)) return Object.entries(value).map(named);
    return [named([key, value])];
  });
}

/** A key, with its value where that is a word. */
function named([key, value]: readonly [string, unknown]): string {
  return typeof value === 'string' ? `${key} ${shortText(value, wordCharsMax)}` : key;
}
