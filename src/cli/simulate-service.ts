import type { AudioPath } from '../audio/audio-path.ts';
import { Call } from '../core/call.ts';
import type { CallSettings } from '../core/call-settings.ts';
import { orphanDocument } from '../core/exit-document.ts';
import type { CallDocument, CallEffect } from '../core/effects.ts';
import type { CallFact, CallQuestion } from '../core/events.ts';
import type { CallJournal } from '../shell/call-journal.ts';
import { paths } from '../shell/paths.ts';
import type {
  ObserveStep,
  ServiceEffect,
  ServiceEvent,
  ServiceMachine,
  ToolOutcome,
} from '../sim/world/service-machine.ts';
import type { Tool } from '../tools/tool.ts';
import type { AgentSetup } from '../wire/gemini-setup.ts';
import {
  parseConnectEnded,
  parseDialEnded,
  parseIncomingCall,
  parseRecordEnded,
  parseRecordingStatus,
  parseStatusCallback,
} from '../wire/twilio-forms.ts';
import { renderTwiml } from '../wire/twiml.ts';
import type { SimulatedJournal } from './simulate-journal.ts';
import { ModelLine } from './simulate-model-line.ts';
import { StreamLine } from './simulate-stream-line.ts';

/** Where the phone network believes the service to be. */
export const publicUrl = 'https://parley.example';

/** The model of its sessions. */
export const simulatedModelId = 'gemini-3.8-live';

/** What became of news: what must be sent, and what the call must be told. */
interface Progress {
  readonly effects: readonly ServiceEffect[];
  readonly facts: readonly CallFact[];
}

/** What the service is made of. */
export interface SimulatedServiceParts {
  readonly settings: CallSettings;
  readonly audioPath: AudioPath;
  /** What the model is told that there is; how they come out is the world's business. */
  readonly tools: ReadonlyMap<string, Tool>;
  readonly agent: Pick<AgentSetup, 'instruction' | 'settings'>;
  readonly apiKey: string;
  /** Numbers from 0 to 1, the same on every run. */
  readonly nextJitter: () => number;
  readonly observe: ObserveStep;
  readonly journal: SimulatedJournal;
  /** Makes the call; a test may hand in a broken one. */
  readonly makeCall?: (settings: CallSettings, audioPath: AudioPath) => Call;
}

/**
 * The service in virtual time, for one call: the product's own core and wires, and the rules by which `src/shell/call-host.ts` and its
 * neighbours join them, without their sockets, timers and promises. What the shell does otherwise, only the tests over real sockets see.
 */
export class SimulatedService implements ServiceMachine {
  readonly #parts: SimulatedServiceParts;
  readonly #model: ModelLine;
  readonly #streams: StreamLine;
  readonly #runningTools = new Set<string>();
  #journal: CallJournal | null = null;
  #call: Call | null = null;
  #callSid = '';
  #startedAtMs = 0;
  #nowMs = 0;
  #answer: CallDocument | null = null;
  #firstTwiml: string | null = null;
  #streamToken: { readonly ofStream: number; readonly text: string; readonly isUsed: boolean } | null = null;
  #effects: ServiceEffect[] = [];

  constructor(parts: SimulatedServiceParts) {
    this.#parts = parts;
    const agent = { ...parts.agent, model: simulatedModelId, voice: null, tools: [...parts.tools.values()] };
    this.#model = new ModelLine(agent, parts.apiKey, parts.nextJitter);
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
        this.#followModel(this.#model.take(event));
        break;
      case 'rest.answered':
        this.#tell(restFact(event.outcome));
        break;
      case 'rest.responded':
        // Parley orders nothing of the REST interface that would be answered so.
        break;
      case 'tool.settled':
        if (this.#runningTools.delete(event.id)) this.#tell(toolFact(event.id, event.outcome));
        break;
      case 'service.drained':
        this.#tell({ type: 'service.drained' });
        break;
      case 'tick':
        this.#follow(this.#streams.expire(atMs));
        this.#followModel(this.#model.expire(atMs));
        if ((this.#call?.nextDeadline()?.atMs ?? Infinity) <= atMs - this.#startedAtMs) this.#tell({ type: 'tick' });
    }
    return this.#effects;
  }

  #follow({ effects, facts }: Progress): void {
    this.#effects.push(...effects);
    for (const fact of facts) this.#tell(fact);
  }

  /** As in `src/shell/call-host.ts`: one message may bring several facts, and the first of them end the session. */
  #followModel({ effects, facts }: Progress): void {
    const { ordersOfSessions } = this.#model;
    this.#effects.push(...effects);
    for (const fact of facts) if (this.#model.ordersOfSessions === ordersOfSessions) this.#tell(fact);
  }

  #request(id: number, target: string, fields: Readonly<Record<string, string>>): void {
    const { pathname: path, searchParams: query } = new URL(target, publicUrl);
    if (path !== paths.voice) this.#takeOver(fields);
    if (path === paths.status || path === paths.recording) {
      const news = path === paths.status ? parseStatusCallback(fields) : parseRecordingStatus(fields);
      if (news !== null) this.#tell(news.fact);
      this.#effects.push(answer(id, 204, ''));
    } else {
      this.#effects.push(answer(id, 200, this.#ask(this.#question(path, query, fields))));
    }
  }

  #question(path: string, query: URLSearchParams, fields: Readonly<Record<string, string>>): CallQuestion {
    if (path === paths.streamEnded) return parseConnectEnded(fields, query.get('stream')).fact;
    if (path === paths.dialEnded) return parseDialEnded(fields).fact;
    if (path === paths.voicemailEnded) return parseRecordEnded(fields).fact;
    if (this.#call === null) this.#open(parseIncomingCall(fields).callSid);
    return { type: 'call.received' };
  }

  #open(callSid: string): void {
    this.#callSid = callSid;
    this.#startedAtMs = this.#nowMs;
    const { settings, audioPath, makeCall, journal } = this.#parts;
    this.#call = makeCall?.(settings, audioPath) ?? new Call(settings, audioPath);
    this.#journal = journal.open(callSid, () => this.#nowMs);
  }

  /** The call may be one of a service that was killed: then it goes on here. */
  #takeOver(fields: Readonly<Record<string, string>>): void {
    const callSid = fields.CallSid ?? '';
    if (this.#call !== null) return;
    const memory = this.#parts.journal.restore(callSid, this.#nowMs);
    if (memory === null) return;
    this.#open(callSid);
    this.#tell({ type: 'call.restored', memory });
  }

  /** A repeated voice webhook gets the same answer (TW-HOOK-4). */
  #ask(fact: CallQuestion): string {
    this.#answer = null;
    this.#tell(fact);
    if (fact.type === 'call.received' && this.#firstTwiml !== null) return this.#firstTwiml;
    const twiml = this.#render(this.#answer ?? orphanDocument(fact, this.#parts.settings));
    this.#firstTwiml ??= twiml;
    return twiml;
  }

  #tell(fact: CallFact): void {
    const call = this.#call;
    if (call === null) return;
    const event = { ...fact, atMs: this.#nowMs - this.#startedAtMs };
    const effects = call.handle(event);
    for (const effect of effects) this.#perform(effect);
    this.#journal?.write(event, effects);
    this.#parts.journal.seen(this.#nowMs);
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

  /** Each stream has a token of its own: a repeated answer repeats it, and with the next stream's it is worth nothing any more. */
  #render(document: CallDocument): string {
    if (document.kind === 'stream' && document.number !== this.#streamToken?.ofStream) {
      this.#streamToken = { ofStream: document.number, text: `token-${document.number}`, isUsed: false };
    }
    return renderTwiml(document, {
      streamUrl: publicUrl.replace(/^http/, 'ws') + paths.media,
      streamToken: this.#streamToken?.text ?? '',
      connectAction: publicUrl + paths.streamEnded,
      dialAction: publicUrl + paths.dialEnded,
      recordAction: publicUrl + paths.voicemailEnded,
      recordingCallback: publicUrl + paths.recording,
      dialTimeoutSeconds: 30,
      dialTimeLimitSeconds: 14_400,
      recordSilenceSeconds: 5,
      sayLanguage: null,
    });
  }

  #claimStream(callSid: string, token: string): boolean {
    const current = this.#streamToken;
    if (current === null || current.isUsed || callSid !== this.#callSid || token !== current.text) return false;
    this.#streamToken = { ...current, isUsed: true };
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
