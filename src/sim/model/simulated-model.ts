import { parseClientMessage } from './protocol/client-message.ts';
import type { Setup } from './protocol/setup-message.ts';
import { closeReasons } from './protocol/close-reasons.ts';
import type { CloseFrame } from './protocol/close-reasons.ts';
import { SessionConversation } from './session-conversation.ts';
import type { SessionConversationOptions } from './session-conversation.ts';
import { endsSocket, type ModelEffect } from './outbox.ts';
import type { Lease, Resumed } from './protocol/resumption-handles.ts';
import type { SessionScript } from './script/script.ts';
import type { ServiceMemory } from './service-memory.ts';
import type { SessionReport } from './session-report.ts';
import { judgeSetup, unknownField } from './protocol/setup-rules.ts';
import type { Clip } from './speech/speech-plan.ts';
import { ViolationList } from './violation-list.ts';
import type { Violation } from './violation-list.ts';

/** What happened on one socket of the service. */
export type ModelEvent =
  /** The client connected. `apiKey` is null where it brought none. */
  | { readonly type: 'socket.opened'; readonly apiVersion: string; readonly apiKey: string | null }
  /** Parsed JSON, or undefined for a frame that was not JSON. */
  | { readonly type: 'message.received'; readonly message: unknown }
  | { readonly type: 'socket.closed' }
  | { readonly type: 'tick' };

/** What a session of the simulated service knows before its client connects. */
export interface ModelSettings {
  /** Its number, counted from 1. */
  readonly session: number;
  /** Its script, chosen by its setup. */
  readonly scriptFor: (setup: Setup) => SessionScript;
  readonly clips: ReadonlyMap<string, Clip>;
  /** The one key that is accepted. */
  readonly apiKey: string;
  /** Shared by all sessions of the service, so that one can resume another. */
  readonly memory: ServiceMemory;
}

type Phase =
  | { readonly name: 'connecting' }
  | { readonly name: 'awaitingSetup'; readonly apiVersion: string; readonly apiKey: string | null }
  /** `completeAtMs` is null for a setup that gets no answer. */
  | { readonly name: 'settingUp'; readonly options: SessionConversationOptions; readonly completeAtMs: number | null }
  | { readonly name: 'open'; readonly conversation: SessionConversation }
  | { readonly name: 'closed' };

/**
 * The Gemini Live service as one client meets it: a machine on one socket. It takes events with their time, returns what to do with
 * the socket, and is as strict as the real service, so that a client with a bug fails here too.
 *
 * Connection (GM-SETUP-1, GM-SETUP-4) → setup (GM-SETUP-2, GM-SETUP-3) → conversation, which has a class of its own.
 */
export class SimulatedModel {
  readonly #settings: ModelSettings;
  readonly #lease: Lease;
  readonly #violations = new ViolationList();
  #phase: Phase = { name: 'connecting' };
  #apiVersion: string | null = null;
  #setup: Setup | null = null;
  #resumed: Resumed | null = null;
  #conversation: SessionConversation | null = null;
  #openedAtMs: number | null = null;
  #end: SessionReport['end'] = null;
  #pongMs = 0;

  constructor(settings: ModelSettings) {
    this.#settings = settings;
    this.#lease = { session: settings.session, endedAtMs: null, staysDeaf: false };
  }

  /** What the client did wrong although the service let it pass. */
  get violations(): readonly Violation[] {
    return this.#violations.all();
  }

  /** How late the socket has to answer a ping (GM-PING-1). */
  get pongMs(): number {
    return this.#pongMs;
  }

  /** The caller's audio as it arrived: PCM16 of the client's rate, at most five minutes. */
  audioReceived(): Uint8Array {
    return this.#conversation?.audio.received() ?? new Uint8Array();
  }

  /** What the session was told and what became of it so far. */
  report(): SessionReport {
    const { audio, pictures } = this.#conversation ?? {};
    const setup = this.#setup;
    return {
      session: this.#settings.session,
      apiVersion: this.#apiVersion,
      setup: setup && {
        model: setup.model,
        systemInstruction: (setup.systemInstruction?.parts ?? []).map(({ text = '' }) => text).join(''),
        handle: setup.sessionResumption?.handle ?? null,
      },
      resumes: this.#resumed?.session ?? null,
      history: this.#conversation?.history.all() ?? [],
      audio: {
        receivedMs: audio?.receivedMs ?? 0,
        firstAtMs: audio?.firstAtMs ?? null,
        gapMsMax: audio?.gapMsMax ?? 0,
        speech: [...(audio?.speech ?? [])],
      },
      overlaps: [...(this.#conversation?.overlaps ?? [])],
      pictures: { count: pictures?.count ?? 0, bytes: pictures?.bytes ?? 0 },
      openedAtMs: this.#openedAtMs,
      end: this.#end,
      violations: this.violations,
    };
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
    const last = effects.find(endsSocket);
    if (last !== undefined) this.#finish(last.type === 'socket.close' ? last.close : 'network', atMs);
    return effects;
  }

  #take(event: ModelEvent, atMs: number): readonly ModelEffect[] {
    switch (event.type) {
      case 'socket.opened':
        this.#apiVersion = event.apiVersion;
        this.#phase = { name: 'awaitingSetup', apiVersion: event.apiVersion, apiKey: event.apiKey };
        return [];
      case 'message.received':
        return this.#receive(event.message, atMs);
      case 'socket.closed':
        this.#finish('client', atMs);
        return [];
      case 'tick':
        return [];
    }
  }

  #receive(json: unknown, atMs: number): readonly ModelEffect[] {
    const phase = this.#phase;
    if (phase.name === 'closed' || phase.name === 'connecting') return [];
    // The key is looked at with the first message (GM-SETUP-4).
    if (phase.name === 'awaitingSetup' && phase.apiKey !== this.#settings.apiKey) {
      return [closing(phase.apiKey === null ? closeReasons.keyMissing : closeReasons.keyInvalid)];
    }
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
    const { scriptFor, clips, memory } = this.#settings;
    this.#setup = setup;
    const script = scriptFor(setup);
    const verdict = judgeSetup(setup, apiVersion, script.missingModels);
    if (verdict.type === 'refused') return [closing(verdict.close)];
    const unknown = unknownField(setup, script.unknownFields);
    if (unknown !== null) return [closing(unknown)];
    if (script.refuseSetup !== null) return [closing(script.refuseSetup)];
    const refused = this.#resume(setup, script, atMs);
    if (refused !== null) return [closing(refused)];
    const { rules, isAnswered } = verdict;
    const lease = this.#lease;
    const resumed = this.#resumed;
    const options = { setup, rules, script, clips, memory, lease, resumed, violations: this.#violations };
    const completeAtMs = isAnswered && script.setupMs !== 'never' ? atMs + script.setupMs : null;
    this.#pongMs = script.pongMs;
    this.#phase = { name: 'settingUp', options, completeAtMs };
    return [];
  }

  /** GM-RESUME-2: a handle is used up by the setup that brings it, whatever becomes of that. */
  #resume(setup: Setup, script: SessionScript, atMs: number): CloseFrame | null {
    const handle = setup.sessionResumption?.handle;
    if (handle === undefined) return null;
    const outcome = this.#settings.memory.handles.redeem(handle, setup.model, script, atMs);
    if (!('close' in outcome)) {
      this.#resumed = script.refuseHandle === null ? outcome : null;
      return script.refuseHandle;
    }
    if (outcome.isParallel) {
      const what = 'a session was resumed while its socket was open';
      this.#violations.add({ atMs, rule: 'GM-RESUME-2', what });
    }
    return outcome.close;
  }

  #advance(atMs: number): readonly ModelEffect[] {
    const phase = this.#phase;
    if (phase.name === 'settingUp' && phase.completeAtMs !== null && phase.completeAtMs <= atMs) {
      this.#openedAtMs = atMs;
      this.#conversation = new SessionConversation(phase.options, atMs);
      this.#phase = { name: 'open', conversation: this.#conversation };
    }
    return this.#phase.name === 'open' ? this.#phase.conversation.advance(atMs) : [];
  }

  #finish(by: NonNullable<SessionReport['end']>['by'], atMs: number): void {
    this.#phase = { name: 'closed' };
    this.#end ??= { atMs, by };
    this.#lease.endedAtMs ??= atMs;
  }
}

function closing(close: CloseFrame): ModelEffect {
  return { type: 'socket.close', close };
}
