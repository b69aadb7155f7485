import { parseClientMessage } from './client-message.ts';
import type { Setup } from './client-message.ts';
import { closeReasons } from './close-reasons.ts';
import type { CloseFrame } from './close-reasons.ts';
import { Conversation } from './conversation.ts';
import type { ConversationOptions } from './conversation.ts';
import type { ModelEffect } from './outbox.ts';
import type { Lease, Memory, ResumptionHandles } from './resumption-handles.ts';
import { parseScript } from './script.ts';
import type { ScriptInput } from './script.ts';
import { judgeSetup } from './setup-rules.ts';
import type { Clip } from './speech-plan.ts';
import { ViolationList } from './violation-list.ts';
import type { Violation } from './violation-list.ts';

/** What happened on one socket of the service. */
export type ModelEvent =
  /** The client connected. `apiKey` is null where the address had none. */
  | { readonly type: 'socket.opened'; readonly apiVersion: string; readonly apiKey: string | null }
  /** Parsed JSON, or undefined for a frame that was not JSON. */
  | { readonly type: 'message.received'; readonly message: unknown }
  | { readonly type: 'socket.closed' }
  | { readonly type: 'tick' };

/** What a simulated service knows before a client connects. */
export interface ModelSettings {
  /** The script of a session, chosen by its setup. */
  readonly scriptFor: (setup: Setup) => ScriptInput;
  readonly clips: ReadonlyMap<string, Clip>;
  /** The one key that is accepted. */
  readonly apiKey: string;
  /** Shared by all sessions of the service, so that one can resume another. */
  readonly handles: ResumptionHandles;
}

type Phase =
  | { readonly name: 'connecting' }
  | { readonly name: 'awaitingSetup'; readonly apiVersion: string }
  /** `completeAtMs` is null for a setup that gets no answer. */
  | { readonly name: 'settingUp'; readonly options: ConversationOptions; readonly completeAtMs: number | null }
  | { readonly name: 'open'; readonly conversation: Conversation }
  | { readonly name: 'closed' };

/**
 * The Gemini Live service as one client meets it: a machine on one socket. It takes events with their time, returns what to do with
 * the socket, and is as strict as the real service, so that a client with a bug fails here too.
 *
 * Connection (GM-SETUP-1, GM-SETUP-4) → setup (GM-SETUP-2, GM-SETUP-3) → conversation, which has a class of its own.
 */
export class SimulatedModel {
  readonly #settings: ModelSettings;
  readonly #lease: Lease = { isOpen: true };
  readonly #violations = new ViolationList();
  #phase: Phase = { name: 'connecting' };
  #conversation: Conversation | null = null;

  constructor(settings: ModelSettings) {
    this.#settings = settings;
  }

  /** What the client did wrong although the service let it pass. */
  get violations(): readonly Violation[] {
    return this.#violations.all();
  }

  /** The caller's audio as it arrived: PCM16 of the client's rate, at most five minutes. */
  audioReceived(): Uint8Array {
    return this.#conversation?.audio.received() ?? new Uint8Array();
  }

  /** The longest time between two messages of the caller's audio, in ms (GM-VAD-2). */
  get audioGapMsMax(): number {
    return this.#conversation?.audio.gapMsMax ?? 0;
  }

  /** When the next tick is due; null while only the client can go on. */
  nextDeadline(): number | null {
    if (this.#phase.name === 'settingUp') return this.#phase.completeAtMs;
    return this.#phase.name === 'open' ? this.#phase.conversation.nextDeadline() : null;
  }

  /** Takes one event and returns what must be done, in order. `atMs` never goes back. */
  handle(event: ModelEvent, atMs: number): readonly ModelEffect[] {
    const effects = [...this.#advance(atMs)];
    if (!effects.some(endsSocket)) effects.push(...this.#take(event, atMs), ...this.#advance(atMs));
    if (effects.some(endsSocket)) this.#end();
    return effects;
  }

  #take(event: ModelEvent, atMs: number): readonly ModelEffect[] {
    switch (event.type) {
      case 'socket.opened':
        return this.#connect(event.apiVersion, event.apiKey);
      case 'message.received':
        return this.#receive(event.message, atMs);
      case 'socket.closed':
        this.#end();
        return [];
      case 'tick':
        return [];
    }
  }

  #connect(apiVersion: string, apiKey: string | null): readonly ModelEffect[] {
    if (apiKey !== this.#settings.apiKey) return [closing(closeReasons.keyInvalid)];
    this.#phase = { name: 'awaitingSetup', apiVersion };
    return [];
  }

  #receive(json: unknown, atMs: number): readonly ModelEffect[] {
    const phase = this.#phase;
    if (phase.name === 'closed' || phase.name === 'connecting') return [];
    const parsed = parseClientMessage(json);
    if (!parsed.ok) return [closing(parsed.close)];
    const { message } = parsed;
    if (phase.name === 'open') {
      phase.conversation.receive(message, atMs);
    } else if (phase.name === 'settingUp') {
      const what = `${Object.keys(message).join()} was sent before setupComplete`;
      this.#violations.add({ atMs, rule: 'GM-SETUP-2', what });
    } else {
      return message.setup === undefined
        ? [closing(closeReasons.argumentInvalid)]
        : this.#setUp(message.setup, phase.apiVersion, atMs);
    }
    return [];
  }

  #setUp(setup: Setup, apiVersion: string, atMs: number): readonly ModelEffect[] {
    const { scriptFor, clips, handles } = this.#settings;
    const verdict = judgeSetup(setup, apiVersion);
    if (verdict.type === 'refused') return [closing(verdict.close)];
    const script = parseScript(scriptFor(setup), [...clips.keys()]);
    if (script.refuseSetup !== undefined) return [closing(script.refuseSetup)];
    const resumed = this.#resume(setup);
    if ('close' in resumed) return [closing(resumed.close)];
    const { rules, isAnswered } = verdict;
    const { memory } = resumed;
    const options = { setup, rules, script, clips, handles, lease: this.#lease, memory, violations: this.#violations };
    const completeAtMs = isAnswered && script.setupMs !== 'never' ? atMs + script.setupMs : null;
    this.#phase = { name: 'settingUp', options, completeAtMs };
    return [];
  }

  #resume(setup: Setup): { readonly memory: Memory | null } | { readonly close: CloseFrame } {
    const handle = setup.sessionResumption?.handle;
    return handle === undefined ? { memory: null } : this.#settings.handles.redeem(handle, setup.model);
  }

  #advance(atMs: number): readonly ModelEffect[] {
    const phase = this.#phase;
    if (phase.name === 'settingUp' && phase.completeAtMs !== null && phase.completeAtMs <= atMs) {
      this.#conversation = new Conversation(phase.options, atMs);
      this.#phase = { name: 'open', conversation: this.#conversation };
    }
    return this.#phase.name === 'open' ? this.#phase.conversation.advance(atMs) : [];
  }

  #end(): void {
    this.#phase = { name: 'closed' };
    this.#lease.isOpen = false;
  }
}

function closing(close: CloseFrame): ModelEffect {
  return { type: 'socket.close', close };
}

function endsSocket({ type }: ModelEffect): boolean {
  return type === 'socket.close' || type === 'socket.drop';
}
