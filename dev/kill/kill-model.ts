import { greetingRequest } from '../../src/call/talk/prompts.ts';
import type { SocketSession } from '../../src/sim/model/hosts/model-session.ts';
import type { ScriptInput } from '../../src/sim/model/script/script.ts';
import { type ModelServer, type ModelServerOptions, startModelServer } from '../../src/sim/model/hosts/server.ts';
import { isJsonObject } from '../../src/encoding/json.ts';
import {
  type ConversationTool,
  conversationClips,
  conversationScript,
  conversationsIn,
  greeting,
  ordersIn,
} from './conversation.ts';
import { pitchOf, type Pitches } from './kill-pitch.ts';

/** Speech that is long enough to tell who speaks. */
const heardMsMin = 300;

/** What a session has to show when its process was killed, and when its call goes on. Times are of `performance.now()`. */
export interface WatchedSession {
  readonly openedAtMs: number;
  /** The number of its conversation: of all sessions that know of one another. Null until it has said it. */
  readonly conversation: number | null;
  /** Whose voice it hears: the number of a pitch. Null until the caller has spoken, and where nobody listens for pitches. */
  readonly slot: number | null;
  /** The digits of the caller's number, as the instruction tells it. */
  readonly callerDigits: string;
  /** When it first heard the caller name the conversation; null before. */
  readonly toldAtMs: number | null;
  readonly isOpen: boolean;
  readonly handles: readonly { readonly atMs: number; readonly handle: string }[];
  readonly toolAnswers: readonly { readonly atMs: number; readonly id: string }[];
  /** When its first audio went out. */
  readonly spokeAtMs: number | null;
  readonly wasAskedToGreet: boolean;
  /** The conversations whose order it knows beforehand: from its instruction, and through its handle. */
  readonly known: readonly number[];
}

/** How a simulated model leads its conversations. */
export interface KillModelOptions {
  readonly apiKey: string;
  /** The tones that callers speak with; null to listen for none. */
  readonly pitches: Pitches | null;
  /** What tool is used in a session, counted from 1 over all of them, for a question of a conversation. */
  readonly toolFor: (conversation: number, session: number, question: number) => ConversationTool | null;
}

/**
 * The simulated model of all calls. Each conversation has a number of its own, which the model says in its first words, and which the
 * caller says as an order: a session that speaks of one of these must know it from its handle or its instruction.
 */
export class KillModel {
  readonly #options: KillModelOptions;
  readonly #watched: Watched[] = [];
  readonly #byHandle = new Map<string, number>();
  #conversations = 1000;
  #sessions = 0;
  #server: ModelServer | null = null;

  private constructor(options: KillModelOptions) {
    this.#options = options;
  }

  static async open(options: KillModelOptions): Promise<KillModel> {
    const model = new KillModel(options);
    const { apiKey } = options;
    const script: ModelServerOptions['script'] = (setup) => model.#scriptFor(setup);
    const onSession = (session: SocketSession): void => void model.#watched.push(new Watched(session));
    model.#server = await startModelServer({ script, clips: conversationClips(), apiKey, onSession });
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
    const conversation = known ?? this.#conversations;
    this.#sessions += 1;
    const session = this.#sessions;
    return conversationScript(conversation, (question) => this.#options.toolFor(conversation, session, question));
  }

  /** In order of age: a session is resumed by a younger one. */
  #look(): void {
    for (const session of this.#watched) session.look(this.#options.pitches, this.#byHandle);
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

/** How the instruction of a session tells the caller's number. */
const callerLine = /caller's number, as you would say it: ([^\n]*)\./;

/** Reads a session's messages as they come. */
class Watched implements WatchedSession {
  readonly openedAtMs = performance.now();
  readonly handles: { readonly atMs: number; readonly handle: string }[] = [];
  readonly toolAnswers: { readonly atMs: number; readonly id: string }[] = [];
  conversation: number | null = null;
  slot: number | null = null;
  spokeAtMs: number | null = null;
  wasAskedToGreet = false;
  toldAtMs: number | null = null;
  readonly #session: SocketSession;
  #read = 0;

  constructor(session: SocketSession) {
    this.#session = session;
  }

  get isOpen(): boolean {
    return this.#session.report().end === null;
  }

  get callerDigits(): string {
    const { systemInstruction = '' } = this.#session.report().setup ?? {};
    return (callerLine.exec(systemInstruction)?.[1] ?? '').replaceAll(/\D/g, '');
  }

  get known(): readonly number[] {
    const { setup, history, session } = this.#session.report();
    const remembered = history.filter((entry) => entry.session !== session).map((entry) => entry.text);
    return ordersIn([setup?.systemInstruction ?? '', ...remembered].join('\n'));
  }

  look(among: Pitches | null, byHandle: Map<string, number>): void {
    const { timeline } = this.#session;
    for (const { atMs, from, message } of timeline.slice(this.#read)) {
      if (!isJsonObject(message)) continue;
      if (from === 'service') this.#lookAtService(message, atMs);
      else this.#lookAtClient(message, atMs, byHandle);
    }
    this.#read = timeline.length;
    if (among !== null) this.slot ??= this.#hearSlot(among);
    for (const { handle } of this.handles) if (this.conversation !== null) byHandle.set(handle, this.conversation);
  }

  #lookAtService(message: Readonly<Record<string, unknown>>, atMs: number): void {
    const { serverContent: content, sessionResumptionUpdate: update } = message;
    if (isJsonObject(update) && typeof update['newHandle'] === 'string') {
      this.handles.push({ atMs, handle: update['newHandle'] });
    }
    if (!isJsonObject(content)) return;
    if (content['modelTurn'] !== undefined) this.spokeAtMs ??= atMs;
    const [heard = '', said = ''] = [content['inputTranscription'], content['outputTranscription']].map(
      (transcription) => (isJsonObject(transcription) ? String(transcription['text']) : ''),
    );
    this.conversation ??= conversationsIn(`${heard} ${said}`).at(0) ?? null;
    if (ordersIn(heard).length > 0) this.toldAtMs ??= atMs;
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
