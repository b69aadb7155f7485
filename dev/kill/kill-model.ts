import { greetingRequest } from '../../src/call/talk/prompts.ts';
import type { Clip } from '../../src/sim/model/speech/speech-plan.ts';
import type { SocketSession } from '../../src/sim/model/hosts/model-session.ts';
import type { ScriptInput } from '../../src/sim/model/script/script.ts';
import { type ModelServer, type ModelServerOptions, startModelServer } from '../../src/sim/model/hosts/server.ts';
import { isJsonObject } from '../../src/encoding/json.ts';
import { pitchOf, type Pitches } from './kill-pitch.ts';

/** What every caller hears first. */
export const greeting = 'Hello.';

/** A conversation goes on for a minute, with a turn every two seconds; a restored one begins again. */
const questions = 60;

/** The agent's voice: as long as a short sentence. */
const voiceMs = 700;
const voiceHz = 620;
const voiceAmplitude = 4_600;

/** Speech that is long enough to tell who speaks. */
const heardMsMin = 300;

/** What a session has to show when its process was killed, and when its call goes on. Times are of `performance.now()`. */
export interface WatchedSession {
  readonly openedAtMs: number;
  /** The number of its conversation: of all sessions that know of one another. Null until it has said it. */
  readonly conversation: number | null;
  /** Whose voice it hears: the number of a pitch. Null until the caller has spoken. */
  readonly slot: number | null;
  readonly isOpen: boolean;
  readonly handles: readonly { readonly atMs: number; readonly handle: string }[];
  readonly toolAnswers: readonly { readonly atMs: number; readonly id: string }[];
  /** When its first audio went out. */
  readonly spokeAtMs: number | null;
  readonly wasAskedToGreet: boolean;
  /** What it knows of the call so far: from its instruction, and through its handle. */
  knows(text: string): boolean;
}

/** What the caller of a conversation tells. */
export function orderOf(conversation: number): string {
  return `order-${conversation}`;
}

/** The conversations that a text speaks of. */
export function conversationsIn(text: string): number[] {
  return [...text.matchAll(/(?:order|desk)-(\d+)/g)].map(([, number]) => Number(number));
}

/**
 * The simulated model of all calls. Each conversation has a number of its own, which the model says in its first words, and which the
 * caller says as an order: a session that speaks of one of these must know it from its handle or its instruction.
 */
export class KillModel {
  readonly #pitches: Pitches;
  readonly #watched: Watched[] = [];
  readonly #byHandle = new Map<string, number>();
  #conversations = 1000;
  #server: ModelServer | null = null;

  private constructor(pitches: Pitches) {
    this.#pitches = pitches;
  }

  static async open(pitches: Pitches, apiKey: string): Promise<KillModel> {
    const model = new KillModel(pitches);
    const script: ModelServerOptions['script'] = (setup) => model.#scriptFor(setup);
    const onSession = (session: SocketSession): void => void model.#watched.push(new Watched(session));
    model.#server = await startModelServer({ script, clips: new Map([['voice', voiceClip()]]), apiKey, onSession });
    return model;
  }

  get url(): string {
    return this.#server?.url ?? '';
  }

  /** All sessions since some moment, as they stand. */
  sessionsSince(sinceMs: number): readonly WatchedSession[] {
    this.#look();
    return this.#watched.filter(({ openedAtMs }) => openedAtMs >= sinceMs);
  }

  /** Forgets sessions that are not needed any more. */
  forgetBefore(atMs: number): void {
    const kept = this.#watched.filter(({ openedAtMs, isOpen }) => isOpen || openedAtMs >= atMs);
    this.#watched.splice(0, this.#watched.length, ...kept);
  }

  async close(): Promise<void> {
    await this.#server?.close();
  }

  #scriptFor(setup: unknown): ScriptInput {
    this.#look();
    const known = beginningOf(setup, this.#byHandle);
    if (known === null) this.#conversations += 1;
    return conversationScript(known ?? this.#conversations);
  }

  /** In order of age: a session is resumed by a younger one. */
  #look(): void {
    for (const session of this.#watched) session.look(this.#pitches, this.#byHandle);
  }
}

/** Which conversation a setup goes on with; null for a new one. */
function beginningOf(setup: unknown, byHandle: ReadonlyMap<string, number>): number | null {
  if (!isJsonObject(setup)) return null;
  const { sessionResumption: resumption, systemInstruction: instruction } = setup;
  const handle = isJsonObject(resumption) ? resumption['handle'] : null;
  const known = typeof handle === 'string' ? byHandle.get(handle) : null;
  return known ?? conversationsIn(JSON.stringify(instruction ?? '')).at(0) ?? null;
}

/** One conversation: the caller tells the order, has it looked up, and asks about it until the call is over. */
function conversationScript(conversation: number): ScriptInput {
  const order = orderOf(conversation);
  const call = { name: 'lookup_record', args: { query: 'A1042' }, answered: [say(`I have found ${order} here.`)] };
  return {
    setupMs: 100,
    latencyMs: 150,
    heardMs: 100,
    // What Parley asks for does not use up a turn: the caller's order must come as what the caller said.
    replies: [
      { to: greetingRequest(greeting).text, turn: { steps: [say(`Hello, desk-${conversation}.`)] } },
      { to: 'Do not read this note aloud', turn: { steps: [say(`We go on, desk-${conversation}.`)] } },
    ],
    turns: [
      { heard: `My number is ${order}.`, steps: [say(`Thank you, ${order} is noted.`)] },
      { heard: `Where is ${order}?`, steps: [{ call }] },
      ...Array.from({ length: questions }, (_, at) => ({
        heard: `Question ${at} about ${order}.`,
        steps: [say(`Answer ${at} about ${order}.`)],
      })),
    ],
  };
}

function say(text: string) {
  return { say: 'voice', text };
}

function voiceClip(): Clip {
  const samples = new Int16Array(voiceMs * 24).map(
    (_, at) => voiceAmplitude * Math.sin((2 * Math.PI * voiceHz * at) / 24_000),
  );
  return { pcm: new Uint8Array(samples.buffer), text: '' };
}

/** Reads a session's messages as they come. */
class Watched implements WatchedSession {
  readonly openedAtMs = performance.now();
  readonly handles: { readonly atMs: number; readonly handle: string }[] = [];
  readonly toolAnswers: { readonly atMs: number; readonly id: string }[] = [];
  conversation: number | null = null;
  slot: number | null = null;
  spokeAtMs: number | null = null;
  wasAskedToGreet = false;
  readonly #session: SocketSession;
  #read = 0;

  constructor(session: SocketSession) {
    this.#session = session;
  }

  get isOpen(): boolean {
    return this.#session.report().end === null;
  }

  knows(text: string): boolean {
    const { setup, history, session } = this.#session.report();
    const remembered = history.filter((entry) => entry.session !== session).map((entry) => entry.text);
    return [setup?.systemInstruction ?? '', ...remembered].some((known) => known.includes(text));
  }

  look(among: Pitches, byHandle: Map<string, number>): void {
    const { timeline } = this.#session;
    for (const { atMs, from, message } of timeline.slice(this.#read)) {
      if (!isJsonObject(message)) continue;
      if (from === 'service') this.#lookAtService(message, atMs);
      else this.#lookAtClient(message, atMs, byHandle);
    }
    this.#read = timeline.length;
    this.slot ??= this.#hearSlot(among);
    for (const { handle } of this.handles) if (this.conversation !== null) byHandle.set(handle, this.conversation);
  }

  #lookAtService(message: Readonly<Record<string, unknown>>, atMs: number): void {
    const { serverContent: content, sessionResumptionUpdate: update } = message;
    if (isJsonObject(update) && typeof update['newHandle'] === 'string') {
      this.handles.push({ atMs, handle: update['newHandle'] });
    }
    if (!isJsonObject(content)) return;
    if (content['modelTurn'] !== undefined) this.spokeAtMs ??= atMs;
    const words = [content['inputTranscription'], content['outputTranscription']]
      .map((transcription) => (isJsonObject(transcription) ? String(transcription['text']) : ''))
      .join(' ');
    this.conversation ??= conversationsIn(words).at(0) ?? null;
  }

  #lookAtClient(message: Readonly<Record<string, unknown>>, atMs: number, byHandle: ReadonlyMap<string, number>): void {
    const { setup, clientContent, toolResponse } = message;
    if (setup !== undefined) this.conversation ??= beginningOf(setup, byHandle);
    if (clientContent !== undefined) this.wasAskedToGreet ||= isGreetingRequest(clientContent);
    const responses: unknown = isJsonObject(toolResponse) ? toolResponse['functionResponses'] : null;
    if (!Array.isArray(responses)) return;
    for (const response of responses.filter(isJsonObject)) {
      this.toolAnswers.push({ atMs, id: String(response['id']) });
    }
  }

  #hearSlot(among: Pitches): number | null {
    const span = this.#session.report().audio.speech.find(({ fromMs, toMs }) => toMs - fromMs >= heardMsMin);
    if (span === undefined) return null;
    const bytesPerMs = 32;
    const pcm = this.#session.audioReceived().slice(span.fromMs * bytesPerMs, (span.fromMs + heardMsMin) * bytesPerMs);
    return pitchOf(pcm, 16_000, among);
  }
}

/** In a message the greeting stands as JSON has it. */
function isGreetingRequest(message: unknown): boolean {
  return JSON.stringify(message).includes(JSON.stringify(greetingRequest(greeting).text).slice(1, -1));
}
