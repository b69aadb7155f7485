import { mulawBytesPerMs } from '../audio/mulaw.ts';
import type { CallEnding } from '../call/call-observer.ts';
import type { CallEffect, EndReason, Note } from '../call/effects.ts';
import type { CallEvent } from '../call/events.ts';
import type { AudioTally } from '../call/talk/audio-tally.ts';
import { type PriceTable, UsageSum } from '../call/usage.ts';
import type { TurnNews } from './call-turns.ts';
import { type StepNews, type CallWatcher, nothingNew } from './call-watch.ts';
import type { Metrics } from './metrics.ts';
import type { ModelRunNews } from './model-runs.ts';
import type { ToolRunNews } from './tool-runs.ts';

/** Of so many pieces of sound, the latency of one is counted. No power of two, so that no rhythm of frames and chunks hides the rest. */
const measureEvery = 7;

/** What the metrics of a call need. */
export interface CallMetricsParts {
  readonly metrics: Metrics;
  /** By which its agent is counted. */
  readonly agent: string;
  readonly models: { readonly first: string; readonly fallback: string };
  /** Null for a simulated model, which costs nothing. */
  readonly prices: PriceTable | null;
  /** The call is over. */
  readonly onClose?: () => void;
}

/** Counts what happens on one call. */
export class CallMetrics implements CallWatcher {
  readonly #parts: CallMetricsParts;
  readonly #metrics: Metrics;
  readonly #toModel: (seconds: number) => void;
  readonly #toCaller: (seconds: number) => void;
  #pieces = 0;
  #hasBegun = false;
  #model: string;
  #sessionState: 'opening' | 'open' | null = null;
  #outcome: EndReason | null = null;
  #atMs = 0;
  #counted: AudioTally | null = null;

  constructor(parts: CallMetricsParts) {
    const { metrics, models } = parts;
    this.#parts = parts;
    this.#metrics = metrics;
    this.#toModel = metrics.observer('parley_added_latency_seconds', { to: 'model' });
    this.#toCaller = metrics.observer('parley_added_latency_seconds', { to: 'caller' });
    this.#model = models.first;
  }

  take(event: CallEvent, effects: readonly CallEffect[], tookMs: number, news: StepNews): void {
    this.#atMs = event.atMs;
    if (event.type === 'stream.media' || event.type === 'model.audio') this.#soundPassed(event.type, tookMs);
    if (news === nothingNew) return;
    if (!this.#hasBegun) this.#begin(event);
    this.#takeEvent(event);
    this.#takeNews(news);
    for (const effect of effects) this.#takeEffect(effect);
  }

  close({ how, tally }: CallEnding, news: StepNews): void {
    this.#takeNews(news);
    this.countAudio(tally);
    const { agent } = this.#parts;
    this.#metrics.add('parley_calls_total', { agent, outcome: how === 'ended' ? (this.#outcome ?? 'crashed') : how });
    this.#metrics.observe('parley_call_seconds', { agent }, this.#atMs / 1000);
    this.#parts.onClose?.();
  }

  /** Counts the audio of the call that came since it was last counted. */
  countAudio(tally: AudioTally): void {
    const { caller, agent } = this.#counted ?? nothing;
    for (const fate of ['forwarded', 'replaced', 'dropped'] as const) {
      this.#metrics.add('parley_caller_audio_seconds_total', { fate }, seconds(tally.caller[fate] - caller[fate]));
    }
    for (const fate of ['heard', 'cleared', 'dropped'] as const) {
      this.#metrics.add('parley_agent_audio_seconds_total', { fate }, seconds(tally.agent[fate] - agent[fate]));
    }
    this.#counted = tally;
  }

  /** There are a hundred pieces a second, and all are alike. */
  #soundPassed(type: 'stream.media' | 'model.audio', tookMs: number): void {
    this.#pieces += 1;
    if (this.#pieces % measureEvery !== 0) return;
    if (type === 'stream.media') this.#toModel(tookMs / 1000);
    else this.#toCaller(tookMs / 1000);
  }

  #takeNews({ turns, sessions, tools }: StepNews): void {
    for (const news of turns) this.#turn(news);
    for (const news of sessions) this.#session(news);
    for (const news of tools) this.#tool(news);
  }

  #begin(event: CallEvent): void {
    this.#hasBegun = true;
    const how = event.type === 'call.restored' ? 'takenOver' : 'new';
    this.#metrics.add('parley_calls_begun_total', { agent: this.#parts.agent, how });
  }

  #takeEvent(event: CallEvent): void {
    if (event.type === 'model.usage') this.#bill(event);
    if (event.type === 'stream.frameRejected' || event.type === 'model.frameRejected') this.#fault(event.fault);
    if (event.type === 'telephony.failed' || event.type === 'tool.failed') this.#fault(event.fault);
  }

  #takeEffect(effect: CallEffect): void {
    if (effect.type === 'note') this.#note(effect);
    if (effect.type === 'call.end') this.#outcome = effect.reason;
    const { models } = this.#parts;
    if (effect.type === 'model.open') this.#model = effect.fallback ? models.fallback : models.first;
  }

  #note({ name, fields }: Note): void {
    const cause = String(fields.cause);
    if (name === 'modelRotated') this.#metrics.add('parley_model_rotations_total', { cause });
    if (name === 'escalated') this.#metrics.add('parley_recoveries_total', { cause, step: String(fields.step) });
    if (name === 'heardTold') this.#metrics.add('parley_cut_replies_total', { told: String(fields.by) });
    if (name === 'heardUntold') this.#metrics.add('parley_cut_replies_total', { told: 'no' });
    if (name === 'gaveUp') this.#metrics.add('parley_given_up_total', { cause });
    if (name === 'toolFailed' && fields.fault === 'tool.timedOut') this.#fault('tool.timedOut');
  }

  #turn(news: TurnNews): void {
    if (news.kind === 'words' && news.to !== 'unasked') {
      this.#metrics.observe('parley_first_word_seconds', { of: news.to }, (news.atMs - news.sinceMs) / 1000);
    }
    if (news.kind === 'comfort') this.#metrics.add('parley_comfort_sounds_total', { sound: news.sound });
    if (news.kind === 'ignored') this.#metrics.add('parley_barge_ins_ignored_total', { by: news.by, why: news.why });
    if (news.kind !== 'bargeIn') return;
    this.#metrics.add('parley_barge_ins_total', { by: news.by });
    if (news.sinceMs === null) return;
    this.#metrics.observe('parley_barge_in_seconds', {}, (news.atMs - news.sinceMs) / 1000);
  }

  #session(news: ModelRunNews): void {
    switch (news.kind) {
      case 'asked':
        this.#metrics.add('parley_model_sessions_total', { begins: news.begins });
        return this.#sessionIs('opening');
      case 'opened':
        this.#metrics.observe('parley_model_open_seconds', {}, (news.atMs - news.sinceMs) / 1000);
        return this.#sessionIs('open');
      case 'ended':
        if (news.fault !== null) this.#metrics.add('parley_model_losses_total', { fault: news.fault });
        return this.#sessionIs(null);
    }
  }

  #sessionIs(state: 'opening' | 'open' | null): void {
    const before = this.#sessionState;
    if (before !== null) this.#metrics.change('parley_model_sessions', { state: before }, -1);
    if (state !== null) this.#metrics.change('parley_model_sessions', { state }, 1);
    this.#sessionState = state;
  }

  #tool(news: ToolRunNews): void {
    if (news.kind !== 'ended') return;
    const { name: tool, outcome } = news;
    this.#metrics.add('parley_tool_calls_total', { tool, outcome });
    this.#metrics.observe('parley_tool_seconds', { tool }, (news.atMs - news.sinceMs) / 1000);
  }

  #bill({ usage }: Extract<CallEvent, { type: 'model.usage' }>): void {
    const { agent, prices } = this.#parts;
    const sum = new UsageSum();
    sum.add(this.#model, usage);
    const { tokens, costUsd } = sum.report(prices ?? free);
    for (const kind of ['textIn', 'audioIn', 'imageIn', 'textOut', 'audioOut'] as const) {
      this.#metrics.add('parley_model_tokens_total', { kind }, tokens[kind]);
    }
    if (costUsd !== null) this.#metrics.add('parley_model_cost_dollars_total', { agent }, costUsd);
    else if (prices !== null) this.#metrics.add('parley_model_unpriced_bills_total', {});
  }

  #fault(fault: string): void {
    this.#metrics.add('parley_call_faults_total', { fault });
  }
}

const free: PriceTable = { date: '', source: '', perMillionTokens: {} };

const nothing: AudioTally = {
  caller: { received: 0, forwarded: 0, replaced: 0, dropped: 0, waiting: 0, filled: 0, resent: 0 },
  agent: { sent: 0, heard: 0, heardNow: 0, cleared: 0, waiting: 0, queued: 0, dropped: 0 },
};

/** Of mu-law bytes. What was counted is never taken back. */
function seconds(bytes: number): number {
  return Math.max(0, bytes) / mulawBytesPerMs / 1000;
}
