import { encodeBase64 } from '../../../src/encoding/base64.ts';
import { isJsonObject } from '../../../src/encoding/json.ts';
import type { JsonObject } from '../../../src/encoding/json.ts';
import type { CloseFrame } from '../../../src/sim/model/protocol/close-reasons.ts';
import { ModelService } from '../../../src/sim/model/model-service.ts';
import { parseScript } from '../../../src/sim/model/script/script.ts';
import type { ScriptInput } from '../../../src/sim/model/script/script.ts';
import type { SessionReport } from '../../../src/sim/model/session-report.ts';
import type { ModelEvent, SimulatedModel } from '../../../src/sim/model/simulated-model.ts';

/** Peaks of what the caller can be heard saying: -20 dBFS, -40 dBFS and nothing. */
const peaks = { speech: 3277, murmur: 328, silence: 0 };

/** Clips of known length: `short` lasts 1 s, `long` 6 s. */
const clips = new Map([
  ['short', { pcm: tone(1000, 24_000, 3277), text: 'One two three four.' }],
  [
    'long',
    {
      pcm: tone(6000, 24_000, 3277),
      text: 'A long story with many words that somebody will interrupt before it ends.',
    },
  ],
]);

export const liveModel = 'models/gemini-3.8-live';

/** The setup of a session that thinks, as far as it must be there. */
export const thinkingSetup = {
  model: 'models/gemini-3.8-live-extended-thinking',
  generationConfig: { thinkingConfig: { thinkingLevel: 'LOW' } },
};

/** A service whose setups are answered at once, unless its script says otherwise. */
export function serviceOf(script: ScriptInput): ModelService {
  return plainService({ setupMs: 0, ...script });
}

function plainService(script: ScriptInput): ModelService {
  return new ModelService({ script: parseScript(script, [...clips.keys()]), clips, apiKey: 'key' });
}

/** A client of the machine in virtual time: it sends, lets time pass, and keeps what came back. */
export class MachineClient {
  readonly model: SimulatedModel;
  readonly received: { readonly atMs: number; readonly message: JsonObject }[] = [];
  closed: CloseFrame | 'dropped' | null = null;
  nowMs = 0;

  /** Takes the next connection of a service; a script is a service of its own. */
  constructor(service: ScriptInput | ModelService) {
    const arrival = (service instanceof ModelService ? service : plainService(service)).arrive();
    if (arrival.upgrade !== 'accept') throw new Error(`The upgrade came to ${arrival.upgrade}.`);
    this.model = arrival.model;
  }

  get report(): SessionReport {
    return this.model.report();
  }

  /** Connects and sends the setup. */
  open(setup: JsonObject = {}): this {
    this.#handle({ type: 'socket.opened', apiVersion: 'v1beta', apiKey: 'key' });
    this.send({ setup: { model: liveModel, ...setup } });
    return this;
  }

  connect(apiKey: string | null): void {
    this.#handle({ type: 'socket.opened', apiVersion: 'v1beta', apiKey });
  }

  send(message: unknown): void {
    this.#handle({ type: 'message.received', message });
  }

  leave(): void {
    this.#handle({ type: 'socket.closed' });
  }

  /** Asks for the next turn by text, as a greeting is asked for. */
  ask(text = 'Greet the caller.'): void {
    this.send({ clientContent: { turns: [{ role: 'user', parts: [{ text }] }], turnComplete: true } });
  }

  /** The caller says something and is silent until the turn is over. */
  speak(silenceMs = 3000): void {
    this.stream(600, 'speech');
    this.stream(silenceMs, 'silence');
  }

  /** Lets time pass, with a tick at every deadline. */
  run(durationMs: number): void {
    const endMs = this.nowMs + durationMs;
    for (let dueMs = this.model.nextDeadline(); dueMs !== null && dueMs <= endMs; dueMs = this.model.nextDeadline()) {
      this.nowMs = Math.max(this.nowMs, dueMs);
      this.#handle({ type: 'tick' });
    }
    this.nowMs = endMs;
  }

  /** Streams audio in messages of 20 ms, each as late as its audio lasts. */
  stream(durationMs: number, sound: keyof typeof peaks): void {
    const pcm = tone(20, 16_000, peaks[sound]);
    const audio = { data: encodeBase64(pcm), mimeType: 'audio/pcm;rate=16000' };
    for (let sentMs = 0; sentMs < durationMs; sentMs += 20) {
      this.run(20);
      this.send({ realtimeInput: { audio } });
    }
  }

  /**
   * What came, as words: message keys, fields of serverContent and `audio` for a model turn. Runs of one word are written once, and
   * the transcription between the audio is left out.
   */
  words(): string[] {
    const words = this.received
      .flatMap(({ message }) => wordsOf(message))
      .filter((word) => word !== 'outputTranscription');
    return words.filter((word, index) => word !== words[index - 1]);
  }

  /** When a word first came, in ms; null if it never did. */
  timeOf(word: string): number | null {
    return this.received.find(({ message }) => wordsOf(message).includes(word))?.atMs ?? null;
  }

  /** The text of one kind of transcription, joined. */
  transcript(kind: 'inputTranscription' | 'outputTranscription'): string {
    return this.values('serverContent', kind, 'text').join('');
  }

  /** The newest handle. */
  handle(): string {
    return String(this.values('sessionResumptionUpdate', 'newHandle').at(-1));
  }

  /** Every value at a path, in order of arrival. */
  values(...path: string[]): unknown[] {
    const found = this.received.map(({ message }) => valueAt(message, path));
    return found.filter((value) => value !== undefined);
  }

  /** The audio of the model, one piece for each part. */
  audio(): Buffer[] {
    const parts = this.values('serverContent', 'modelTurn', 'parts').flat();
    return parts.map((part) =>
      Buffer.from(String(isJsonObject(part) ? valueAt(part, ['inlineData', 'data']) : ''), 'base64'),
    );
  }

  #handle(event: ModelEvent): void {
    for (const effect of this.model.handle(event, this.nowMs)) {
      if (this.closed !== null) throw new Error(`${effect.type} came after the close`);
      if (effect.type === 'message.send') this.received.push({ atMs: this.nowMs, message: effect.message });
      else if (effect.type === 'text.send') this.received.push({ atMs: this.nowMs, message: { [effect.text]: true } });
      else this.closed = effect.type === 'socket.close' ? effect.close : 'dropped';
    }
  }
}

/** A square wave. */
function tone(durationMs: number, sampleRateHz: number, peak: number): Uint8Array {
  const samples = Int16Array.from({ length: (durationMs * sampleRateHz) / 1000 }, (_, i) =>
    i % 40 < 20 ? peak : -peak,
  );
  return new Uint8Array(samples.buffer);
}

function wordsOf({ serverContent, ...rest }: JsonObject): string[] {
  const fields = isJsonObject(serverContent) ? Object.keys(serverContent) : [];
  return [...fields.map((field) => (field === 'modelTurn' ? 'audio' : field)), ...Object.keys(rest)];
}

function valueAt(message: JsonObject, [key = '', ...rest]: readonly string[]): unknown {
  const value = message[key];
  return rest.length > 0 && isJsonObject(value) ? valueAt(value, rest) : rest.length > 0 ? undefined : value;
}
