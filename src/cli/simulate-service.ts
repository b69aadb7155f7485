import type { MulawCodec } from '../audio/mulaw.ts';
import { Call } from '../core/call.ts';
import type { CallSettings } from '../core/call-settings.ts';
import type { CallDocument, CallEffect } from '../core/effects.ts';
import type { CallFact } from '../core/events.ts';
import { paths } from '../shell/paths.ts';
import type {
  ObserveStep,
  ServiceEffect,
  ServiceEvent,
  ServiceMachine,
  ToolOutcome,
} from '../sim/world/service-machine.ts';
import type { Tool } from '../tools/tool.ts';
import { parseConnectEnded, parseDialEnded, parseIncomingCall, parseStatusCallback } from '../wire/twilio-forms.ts';
import { renderTwiml } from '../wire/twiml.ts';
import { ModelLine } from './simulate-model-line.ts';
import { StreamLine } from './simulate-stream-line.ts';

/** Where the phone network believes the service to be. */
export const publicUrl = 'https://parley.example';

/** What the service is made of. */
export interface SimulatedServiceParts {
  readonly settings: CallSettings;
  readonly codec: MulawCodec;
  /** What the model is told that there is; how they come out is the world's business. */
  readonly tools: ReadonlyMap<string, Tool>;
  readonly apiKey: string;
  readonly observe: ObserveStep;
  /** Makes the call; a test may hand in a broken one. */
  readonly makeCall?: (settings: CallSettings, codec: MulawCodec) => Call;
}

type Question = Extract<CallFact, { type: 'call.received' | 'connect.ended' | 'dial.ended' }>;

/**
 * The service in virtual time, for one call: the product's own core and wires, and the rules by which `src/shell/call-host.ts` and its
 * neighbours join them, without their sockets, timers and promises. What the shell does otherwise, only the tests over real sockets see.
 */
export class SimulatedService implements ServiceMachine {
  readonly #parts: SimulatedServiceParts;
  readonly #model: ModelLine;
  readonly #streams: StreamLine;
  readonly #runningTools = new Set<string>();
  #call: Call | null = null;
  #callSid = '';
  #startedAtMs = 0;
  #nowMs = 0;
  #answer: CallDocument | null = null;
  #firstTwiml: string | null = null;
  #streamToken: string | null = null;
  #tokens = 0;
  #effects: ServiceEffect[] = [];

  constructor(parts: SimulatedServiceParts) {
    this.#parts = parts;
    const agent = { model: 'gemini-3.8-live', instruction: 'You answer the phone.', voice: null };
    this.#model = new ModelLine({ ...agent, tools: [...parts.tools.values()] }, parts.apiKey);
    this.#streams = new StreamLine((callSid, token) => this.#claimStream(callSid, token));
  }

  nextDeadline(): number | null {
    const call = this.#call?.nextDeadline() ?? null;
    const dues = [
      // Rounded up, as the real timer is.
      call === null ? null : this.#nowMs + Math.max(0, Math.ceil(call.atMs - (this.#nowMs - this.#startedAtMs))),
      this.#streams.deadlineMs,
      this.#model.deadlineMs,
    ];
    let earliestMs: number | null = null;
    for (const dueMs of dues) if (dueMs !== null && (earliestMs === null || dueMs < earliestMs)) earliestMs = dueMs;
    return earliestMs;
  }

  handle(event: ServiceEvent, atMs: number): readonly ServiceEffect[] {
    this.#nowMs = atMs;
    this.#effects = [];
    switch (event.type) {
      case 'http.requested':
        this.#request(event.id, event.path, event.fields);
        break;
      case 'stream.opened':
      case 'stream.received':
      case 'stream.ponged':
      case 'stream.closed':
        this.#follow(this.#streams.take(event, atMs));
        break;
      case 'model.connected':
      case 'model.received':
      case 'model.closed':
        this.#follow(this.#model.take(event));
        break;
      case 'rest.answered':
        this.#tell(restFact(event.outcome));
        break;
      case 'tool.settled':
        if (this.#runningTools.delete(event.id)) this.#tell(toolFact(event.id, event.outcome));
        break;
      case 'service.drained':
        this.#tell({ type: 'service.drained' });
        break;
      case 'tick':
        this.#follow(this.#streams.expire(atMs));
        this.#follow(this.#model.expire(atMs));
        if ((this.#call?.nextDeadline()?.atMs ?? Infinity) <= atMs - this.#startedAtMs) this.#tell({ type: 'tick' });
    }
    return this.#effects;
  }

  #follow({ effects, facts }: { effects: readonly ServiceEffect[]; facts: readonly CallFact[] }): void {
    this.#effects.push(...effects);
    for (const fact of facts) this.#tell(fact);
  }

  #request(id: number, path: string, fields: Readonly<Record<string, string>>): void {
    if (path === paths.status) {
      const news = parseStatusCallback(fields);
      if (news !== null) this.#tell(news.fact);
      this.#effects.push(answer(id, 204, ''));
    } else {
      this.#effects.push(answer(id, 200, this.#ask(this.#question(path, fields))));
    }
  }

  #question(path: string, fields: Readonly<Record<string, string>>): Question {
    if (path === paths.streamEnded) return parseConnectEnded(fields).fact;
    if (path === paths.dialEnded) return parseDialEnded(fields).fact;
    const { callSid } = parseIncomingCall(fields);
    if (this.#call === null) {
      this.#callSid = callSid;
      this.#startedAtMs = this.#nowMs;
      const { settings, codec, makeCall } = this.#parts;
      this.#call = makeCall?.(settings, codec) ?? new Call(settings, codec);
    }
    return { type: 'call.received' };
  }

  /** A repeated voice webhook gets the same answer (TW-HOOK-4). */
  #ask(fact: Question): string {
    this.#answer = null;
    this.#tell(fact);
    if (fact.type === 'call.received' && this.#firstTwiml !== null) return this.#firstTwiml;
    const twiml = this.#render(this.#answer ?? { kind: 'nothing' });
    this.#firstTwiml ??= twiml;
    return twiml;
  }

  #tell(fact: CallFact): void {
    const call = this.#call;
    if (call === null) return;
    const event = { ...fact, atMs: this.#nowMs - this.#startedAtMs };
    const effects = call.handle(event);
    for (const effect of effects) this.#perform(effect);
    this.#parts.observe(event, effects, call);
    if (effects.at(-1)?.type === 'call.end') this.#end();
  }

  #perform(effect: CallEffect): void {
    switch (effect.type) {
      case 'call.answer':
        this.#answer = effect.document;
        return;
      case 'stream.media':
      case 'stream.mark':
      case 'stream.clear':
        this.#effects.push(...this.#streams.send(effect));
        return;
      case 'stream.close':
        this.#effects.push(...this.#streams.close(effect.code, this.#nowMs));
        return;
      case 'model.open':
      case 'model.close':
      case 'model.sendAudio':
      case 'model.sendText':
      case 'model.answerTools':
        this.#effects.push(...this.#model.perform(effect, this.#nowMs));
        return;
      case 'tool.run':
        this.#runningTools.add(effect.call.id);
        this.#effects.push({ type: 'tool.run', call: effect.call });
        return;
      case 'tool.cancel':
        this.#runningTools.delete(effect.id);
        return;
      case 'telephony.update':
        this.#effects.push({ type: 'rest.update', twiml: this.#render(effect.document) });
        return;
      case 'transcript.add':
      case 'note':
      case 'call.end':
    }
  }

  /** Each stream brings its own token; until it is used, a repeated answer repeats it. */
  #render(document: CallDocument): string {
    if (document.kind === 'stream' && this.#streamToken === null) {
      this.#tokens += 1;
      this.#streamToken = `token-${this.#tokens}`;
    }
    return renderTwiml(document, {
      streamUrl: publicUrl.replace(/^http/, 'ws') + paths.media,
      streamToken: this.#streamToken ?? '',
      connectAction: publicUrl + paths.streamEnded,
      dialAction: publicUrl + paths.dialEnded,
      dialTimeoutSeconds: 30,
      dialTimeLimitSeconds: 14_400,
      sayLanguage: null,
    });
  }

  #claimStream(callSid: string, token: string): boolean {
    if (this.#streamToken === null || callSid !== this.#callSid || token !== this.#streamToken) return false;
    this.#streamToken = null;
    return true;
  }

  #end(): void {
    this.#streamToken = null;
    this.#runningTools.clear();
    this.#effects.push(...this.#model.close(), ...this.#streams.close(1000, this.#nowMs));
  }
}

function answer(id: number, status: number, body: string): ServiceEffect {
  const contentType = status === 204 ? null : 'text/xml';
  return { type: 'http.answer', id, answer: { status, contentType, location: null, body } };
}

function restFact(outcome: 'updated' | 'refused' | 'callOver'): CallFact {
  if (outcome === 'updated') return { type: 'telephony.updated' };
  return { type: 'telephony.failed', fault: 'telephony.refused', callOver: outcome === 'callOver' };
}

function toolFact(id: string, outcome: ToolOutcome): CallFact {
  if (outcome.type === 'finished') {
    const { response, silent, leave } = outcome;
    return { type: 'tool.finished', id, response, silent, leave };
  }
  return outcome.unknown
    ? { type: 'tool.failed', id, fault: 'tool.unknown', message: 'There is no such tool.' }
    : { type: 'tool.failed', id, fault: 'tool.failed', message: 'The tool did not work.' };
}
