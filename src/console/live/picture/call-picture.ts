import { mulawBytesPerMs } from '../../../audio/mulaw.ts';
import { type CallEnding, type CallObserver, dropsWords } from '../../../call/call-observer.ts';
import type { CallEffect, Speaker } from '../../../call/effects.ts';
import type { CallEvent } from '../../../call/events.ts';
import type { CallWaits, EndedWait } from '../../../calllog/story/call-waits.ts';
import type { CallSource } from '../../../host/call-registry.ts';
import type { ObservedCall } from '../../../host/observed-call.ts';
import { CallItems } from './call-items.ts';
import { type News, newsOfEffect, newsOfEvent } from './call-news.ts';
import type { LiveCall, LiveCallView, LiveOutcome, LiveStage } from './live-call.ts';
import { ModelState } from './model-state.ts';
import type { SoundTaps } from './sound-taps.ts';

/** Waits that a row shows. */
const waitsMax = 12;

/** The last words of each side in a row. */
const lastWordsCharsMax = 160;

/** A pause between two words is shorter. */
const stillSpeaksMs = 500;

/** What a call's picture is drawn with. */
export interface PictureParts {
  readonly callSid: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly agent: ObservedCall['agent'];
  readonly source: CallSource;
  /** How long the caller waits, and when the caller speaks. */
  readonly waits: Pick<CallWaits, 'last' | 'spokeAtMs'>;
  /** Whether this audio is a comfort sound, and no words. */
  readonly isComfort: (audio: Uint8Array) => boolean;
  /** What the call costs so far. */
  readonly cost: () => { readonly costUsd: number | null; readonly tokens: number };
  readonly taps: SoundTaps;
  /** Unix time in ms. */
  readonly unixMs: () => number;
  readonly onEnd: () => void;
}

/** What is known of one live call, kept up to date step by step. It takes no time to speak of, and whoever looks at it does so later. */
export class CallPicture implements CallObserver {
  readonly items = new CallItems();
  readonly #parts: PictureParts;
  readonly #model = new ModelState();
  readonly #faultsTold = new Set<string>();
  readonly #lastWords: Record<Speaker, string> = { caller: '', agent: '' };
  #startedAtMs: number;
  #stage: LiveStage = 'ringing';
  #agentUntilMs = 0;
  #lastWait: EndedWait | null = null;
  #waitsMs: number[] = [];
  #worstWaitMs: number | null = null;
  #faults = 0;
  #showsPictures = false;
  #end: LiveCall['end'] = null;
  #changes = 0;

  constructor(parts: PictureParts) {
    this.#parts = parts;
    this.#startedAtMs = parts.unixMs();
  }

  /** Counts what has changed but who speaks, which also changes by itself. */
  get changes(): number {
    return this.#changes + this.items.changes;
  }

  get hasSession(): boolean {
    return this.#model.health === 'live' || this.#model.health === 'connecting' || this.#model.health === 'recovering';
  }

  get outcome(): LiveOutcome | null {
    return this.#end?.outcome ?? null;
  }

  get speaks(): LiveCall['speaks'] {
    if (this.#end !== null) return 'nobody';
    const nowMs = this.#parts.unixMs() - this.#startedAtMs;
    const caller = nowMs - this.#parts.waits.spokeAtMs < stillSpeaksMs;
    const agent = nowMs < this.#agentUntilMs;
    if (caller && agent) return 'both';
    return caller ? 'caller' : agent ? 'agent' : 'nobody';
  }

  /** The call in one row. */
  get row(): LiveCall {
    const { callSid, from, to, agent, source, cost } = this.#parts;
    return {
      callSid,
      from,
      to,
      agent: agent.name,
      source,
      process: null,
      startedAtMs: this.#startedAtMs,
      stage: this.#end === null ? this.#stage : 'ended',
      speaks: this.speaks,
      lastWords: { ...this.#lastWords },
      waitsMs: [...this.#waitsMs],
      worstWaitMs: this.#worstWaitMs,
      model: { health: this.#model.health, sessions: this.#model.sessions },
      tools: this.items.running,
      faults: this.#faults,
      ...cost(),
      end: this.#end,
    };
  }

  /** The call with its items, or with those that have changed since this count of changes of the items. */
  view(since = 0): LiveCallView {
    return {
      call: this.row,
      items: this.items.since(since),
      forgotten: this.items.forgotten,
      destinations: this.#parts.agent.destinations,
    };
  }

  write(event: CallEvent, effects: readonly CallEffect[]): void {
    if (!dropsWords(event, effects)) this.#happened(event);
    // A picture comes each second, and its answer is its viewer's business.
    if (event.type === 'caller.pictured') return this.#pictured(event.atMs, effects);
    for (const effect of effects) this.#ordered(event.atMs, effect);
  }

  close({ how }: CallEnding): void {
    this.#ended(how === 'fenced' || how === 'released' ? 'elsewhere' : 'crashed');
    this.#parts.taps.close();
    this.#parts.onEnd();
  }

  #happened(event: CallEvent): void {
    const { taps } = this.#parts;
    switch (event.type) {
      case 'stream.media':
        return taps.caller(event.audio);
      case 'stream.marked':
      case 'tick':
      case 'model.audio':
      case 'caller.pictured':
        return;
      case 'call.restored':
        this.#startedAtMs -= event.memory.elapsedMs;
        break;
      case 'model.callerTranscript':
        this.#said(event.atMs, 'caller', event.text);
        break;
      case 'model.agentTranscript':
        this.#said(event.atMs, 'agent', event.text);
        break;
      case 'tool.finished':
        this.items.toolEnded(event.atMs, event.id, 'answered', JSON.stringify(event.response));
        break;
      case 'tool.failed':
        this.#faults += 1;
        this.items.toolEnded(event.atMs, event.id, 'failed', event.message);
        break;
      default:
    }
    this.#changes += 1;
    this.#model.happened(event);
    this.#tell(event.atMs, newsOfEvent(event), 'fault' in event ? event.fault : null);
  }

  #ordered(atMs: number, effect: CallEffect): void {
    switch (effect.type) {
      case 'stream.mark':
      case 'model.sendAudio':
        return;
      case 'stream.media':
        return this.#sent(atMs, effect.audio);
      case 'stream.clear':
      case 'stream.close':
        return this.#cleared(atMs);
      case 'transcript.add':
        this.#lastWords[effect.speaker] = lastOf(effect.text);
        return this.items.finished(atMs, effect.speaker, effect.text, effect.cut);
      case 'tool.run':
        return this.items.toolRuns(atMs, effect.call);
      case 'tool.cancel':
        return this.items.toolEnded(atMs, effect.id, 'stopped', '');
      case 'call.end':
        return this.#ended(effect.reason);
      case 'note':
        if (effect.name === 'phase') this.#entered(String(effect.fields['to']));
        break;
      default:
    }
    this.#changes += 1;
    this.#model.ordered(effect);
    this.#tell(atMs, newsOfEffect(effect), null);
  }

  #pictured(atMs: number, effects: readonly CallEffect[]): void {
    if (this.#showsPictures || !effects.some(({ type }) => type === 'model.sendPicture')) return;
    this.#showsPictures = true;
    this.items.news(atMs, 'The caller shows the model pictures.');
  }

  #said(atMs: number, speaker: Speaker, text: string): void {
    this.items.fragment(atMs, speaker, text);
    this.#lastWords[speaker] = lastOf(this.items.openWords(speaker));
  }

  /** Audio goes out ahead of the time in which it is heard. */
  #sent(atMs: number, audio: Uint8Array): void {
    this.#parts.taps.agent(audio, this.#parts.unixMs());
    if (this.#parts.isComfort(audio)) return;
    this.#agentUntilMs = Math.max(this.#agentUntilMs, atMs) + audio.length / mulawBytesPerMs;
    const wait = this.#parts.waits.last;
    if (wait === null || wait === this.#lastWait) return;
    const { waitMs } = wait;
    this.#lastWait = wait;
    this.#changes += 1;
    this.#waitsMs = [...this.#waitsMs, waitMs].slice(-waitsMax);
    this.#worstWaitMs = Math.max(this.#worstWaitMs ?? 0, waitMs);
    this.items.waited(waitMs);
  }

  #cleared(atMs: number): void {
    this.#agentUntilMs = atMs;
    this.#parts.taps.cleared();
  }

  /** A fault that comes again and again is told once, and counted each time. */
  #tell(atMs: number, news: News | null, fault: string | null): void {
    if (news === null) return;
    if (news.isTrouble) this.#faults += 1;
    if (fault !== null && this.#faultsTold.has(fault)) return;
    if (fault !== null) this.#faultsTold.add(fault);
    this.items.news(atMs, news.text, news.isTrouble);
  }

  #entered(phase: string): void {
    this.#stage = stages.get(phase) ?? this.#stage;
  }

  #ended(outcome: LiveOutcome): void {
    if (this.#end !== null) return;
    this.#changes += 1;
    this.#agentUntilMs = 0;
    this.#end = { atMs: this.#parts.unixMs(), outcome };
  }
}

/** The phases of a call, as far as an operator tells them apart. */
const stages: ReadonlyMap<string, LiveStage> = new Map([
  ['ringing', 'ringing'],
  ['awaitingStream', 'ringing'],
  ['talking', 'talking'],
  ['leaving', 'leaving'],
  ['betweenStreams', 'between'],
  ['redirecting', 'between'],
  ['dialling', 'dialling'],
  ['recording', 'recording'],
]);

function lastOf(text: string): string {
  const words = text.trim();
  return words.length <= lastWordsCharsMax ? words : `…${words.slice(-lastWordsCharsMax)}`;
}
