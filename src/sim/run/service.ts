import type { AudioPath } from '../../audio/audio-path.ts';
import { Call } from '../../call/call.ts';
import type { CallSettings } from '../../call/call-settings.ts';
import { orphanDocument } from '../../call/phone/exit-document.ts';
import type { CallDocument, CallEffect } from '../../call/effects.ts';
import type { CallFact, CallQuestion } from '../../call/events.ts';
import type { CallJournal } from '../../store/call-journal.ts';
import { paths } from '../../twilio/paths.ts';
import { StreamTokens } from '../../twilio/stream-tokens.ts';
import type { ObserveStep, ServiceEffect, ServiceEvent, ServiceMachine } from '../world/service-machine.ts';
import type { Tool } from '../../tools/tool.ts';
import type { AgentSetup } from '../../gemini/setup.ts';
import {
  parseConnectEnded,
  parseDialEnded,
  parseIncomingCall,
  parseRecordEnded,
  parseRecordingStatus,
  parseStatusCallback,
} from '../../twilio/forms.ts';
import { askAgain, renderTwiml } from '../../twilio/twiml.ts';
import { restFact, toolFact } from './facts.ts';
import type { SimulatedJournal } from './journal.ts';
import { ModelLine } from './model-line.ts';
import { StreamLine } from './stream-line.ts';

/** As in `src/host/call-registry.ts`. */
const farewellMsMax = 10_000;
const askedMsMax = 1_500;

/** Where the phone network believes the service to be. */
const publicUrl = 'https://parley.example';

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
 * The service in virtual time, for one call: the product's own core and wires, and the rules by which `src/host/call-host.ts` and its
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
  readonly #streamTokens = new StreamTokens((stream) => `token-${stream}`);
  #effects: ServiceEffect[] = [];
  /** The call was released, and the next service is to be asked. */
  #isReleased = false;
  /** When the service ends; null while it is not being restarted. */
  #stopsAtMs: number | null = null;

  constructor(parts: SimulatedServiceParts) {
    this.#parts = parts;
    const agent = { ...parts.agent, model: simulatedModelId, voice: null, tools: [...parts.tools.values()] };
    this.#model = new ModelLine(agent, parts.apiKey, parts.nextJitter);
    this.#streams = new StreamLine((callSid, token) => callSid === this.#callSid && this.#streamTokens.claim(token));
  }

  nextDeadline(): number | null {
    const call = this.#call?.nextDeadline() ?? null;
    const dues = [
      // Rounded up, as the real timer is.
      call === null ? null : this.#nowMs + Math.max(0, Math.ceil(call.atMs - (this.#nowMs - this.#startedAtMs))),
      this.#streams.deadlineMs,
      this.#model.deadlineMs,
      this.#stopsAtMs,
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
      case 'service.restarting':
        this.#stopsAtMs = this.#nowMs + farewellMsMax;
        break;
      case 'tick':
        this.#follow(this.#streams.expire(atMs));
        this.#followModel(this.#model.expire(atMs));
        if ((this.#call?.nextDeadline()?.atMs ?? Infinity) <= atMs - this.#startedAtMs) this.#tell({ type: 'tick' });
    }
    if (this.#stopsAtMs !== null) this.#stop(this.#stopsAtMs);
    return this.#effects;
  }

  /** Whether there is a call which cannot do without this service. */
  get #isNeeded(): boolean {
    const call = this.#call;
    return this.#isReleased || (call !== null && call.phase !== 'ended' && !call.isHandedOver);
  }

  /** The rules of `CallRegistry.drain` once calls are not waited for any more: one that is leaving may do so, any other is released. */
  #stop(untilMs: number): void {
    const isLeaving = this.#call?.isLeaving === true;
    if (this.#nowMs >= untilMs || !this.#isNeeded) this.#effects.push({ type: 'service.stopped' });
    else if (!isLeaving && !this.#isReleased) this.#release();
  }

  /** The rules of `CallHost.release`. */
  #release(): void {
    this.#tell({ type: 'stream.closed', code: 1001 });
    this.#parts.journal.settled(this.#nowMs);
    this.#isReleased = true;
    this.#stopsAtMs = this.#nowMs + askedMsMax;
    this.#call = null;
    this.#streamTokens.revoke();
    this.#runningTools.clear();
    this.#effects.push(...this.#model.close(), ...this.#streams.close(1001, this.#nowMs));
  }

  #follow({ effects, facts }: Progress): void {
    this.#effects.push(...effects);
    for (const fact of facts) this.#tell(fact);
  }

  /** As in `src/host/call-host.ts`: one message may bring several facts, and the first of them end the session. */
  #followModel({ effects, facts }: Progress): void {
    const { ordersOfSessions } = this.#model;
    this.#effects.push(...effects);
    for (const fact of facts) if (this.#model.ordersOfSessions === ordersOfSessions) this.#tell(fact);
  }

  #request(id: number, target: string, fields: Readonly<Record<string, string>>): void {
    const { pathname: path, searchParams: query } = new URL(target, publicUrl);
    const isQuestion = path !== paths.status && path !== paths.recording;
    if (this.#isReleased && isQuestion && fields.CallStatus !== 'completed') {
      const stream = path === paths.streamEnded ? parseConnectEnded(fields, query.get('stream')).fact.stream : null;
      this.#effects.push(answer(id, 200, askAgain(publicUrl + paths.streamEnded, stream)));
      this.#stopsAtMs = this.#nowMs;
      return;
    }
    if (path !== paths.voice) this.#takeOver(fields);
    if (!isQuestion) {
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

  /** The call may be one of a service that is gone: then it goes on here. The end of one that was released is noted by nobody. */
  #takeOver(fields: Readonly<Record<string, string>>): void {
    const callSid = fields.CallSid ?? '';
    if (this.#call !== null || this.#isReleased) return;
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
      case 'note':
      case 'transcript.add':
      case 'call.end':
    }
  }

  #render(document: CallDocument): string {
    return renderTwiml(document, {
      streamUrl: publicUrl.replace(/^http/, 'ws') + paths.media,
      streamToken: document.kind === 'stream' ? this.#streamTokens.of(document.number) : '',
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

  #end(): void {
    this.#streamTokens.revoke();
    this.#runningTools.clear();
    this.#effects.push(...this.#model.close(), ...this.#streams.close(1000, this.#nowMs));
  }
}

function answer(id: number, status: number, body: string): ServiceEffect {
  const contentType = status === 204 ? null : 'text/xml';
  return { type: 'http.answer', id, answer: { status, contentType, location: null, body } };
}
