import type { CallEnding } from '../call/call-observer.ts';
import type { CallEffect, EndReason } from '../call/effects.ts';
import type { CallEvent } from '../call/events.ts';
import type { TurnNews } from '../metrics/call-turns.ts';
import { type StepNews, type CallWatcher, nothingNew } from '../metrics/call-watch.ts';
import type { ModelRunNews } from '../metrics/model-runs.ts';
import type { ToolRunNews } from '../metrics/tool-runs.ts';
import type { BeginTrace, TraceSpan } from './trace-span.ts';

/** A turn every seven seconds of the longest call. What comes later is in the log. */
const spansMax = 2_000;

/** What the trace of a call is made of. */
export interface CallTraceParts {
  readonly begin: BeginTrace;
  readonly callSid: string;
  readonly agent: string;
  readonly models: { readonly first: string; readonly fallback: string };
  /** The names of the agent's tools. A model may ask for others, which are not told. */
  readonly tools: ReadonlySet<string>;
  readonly unixMs: () => number;
}

/** Makes the trace of one call: a span for the call, and in it one for each turn, tool and model session. */
export class CallTrace implements CallWatcher {
  readonly #parts: CallTraceParts;
  readonly #runningTools = new Map<string, TraceSpan>();
  #call: TraceSpan | null = null;
  #session: TraceSpan | null = null;
  #turn: TraceSpan | null = null;
  #spans = 0;
  #startedUnixMs = 0;
  #atMs = 0;
  #bargeIns = 0;
  #outcome: EndReason | null = null;
  #isGivenUp = false;

  constructor(parts: CallTraceParts) {
    this.#parts = parts;
  }

  take(event: CallEvent, effects: readonly CallEffect[], tookMs: number, news: StepNews): void {
    this.#atMs = event.atMs;
    if (news === nothingNew) return;
    if (this.#call === null) this.#begin(event, tookMs);
    this.#takeNews(news);
    for (const effect of effects) {
      if (effect.type === 'call.end') this.#outcome = effect.reason;
      if (effect.type === 'note' && effect.name === 'gaveUp') this.#isGivenUp = true;
    }
  }

  close({ how }: CallEnding, news: StepNews): void {
    this.#takeNews(news);
    this.#turn?.end(this.#unix(this.#atMs));
    this.#call?.tell({ 'parley.outcome': this.#outcome ?? how, 'parley.barge_ins': this.#bargeIns });
    if (how === 'crashed') this.#call?.fail('call.crashed');
    else if (this.#isGivenUp) this.#call?.fail('apologised');
    this.#call?.end(this.#unix(this.#atMs));
  }

  #takeNews({ turns, sessions, tools }: StepNews): void {
    for (const news of turns) this.#turnNews(news);
    for (const news of sessions) this.#sessionNews(news);
    for (const news of tools) this.#toolNews(news);
  }

  #begin(event: CallEvent, tookMs: number): void {
    const { begin, callSid, agent, unixMs } = this.#parts;
    this.#startedUnixMs = unixMs() - tookMs - event.atMs;
    this.#call = begin('call', this.#unix(event.atMs), {
      'parley.call_sid': callSid,
      'parley.agent': agent,
      'parley.taken_over': event.type === 'call.restored',
    });
  }

  #turnNews(news: TurnNews): void {
    switch (news.kind) {
      case 'words':
        this.#turn?.end(this.#unix(news.atMs));
        this.#turn = this.#child('turn', news.sinceMs, {
          'parley.to': news.to,
          'parley.wait_ms': news.atMs - news.sinceMs,
        });
        return;
      case 'over':
        this.#turn?.tell({ 'parley.cut': news.isCut });
        this.#turn?.end(this.#unix(news.atMs));
        this.#turn = null;
        return;
      case 'bargeIn':
        this.#bargeIns += 1;
        return;
      case 'ignored':
      case 'comfort':
    }
  }

  #sessionNews(news: ModelRunNews): void {
    const { models } = this.#parts;
    switch (news.kind) {
      case 'asked': {
        const model = news.begins === 'fallback' ? models.fallback : models.first;
        this.#session = this.#child('model session', news.atMs, {
          'parley.model': model,
          'parley.begins': news.begins,
        });
        return;
      }
      case 'opened':
        return this.#session?.tell({ 'parley.open_ms': news.atMs - news.sinceMs });
      case 'ended':
        if (news.fault !== null) this.#session?.fail(news.fault);
        this.#session?.end(this.#unix(news.atMs));
        this.#session = null;
    }
  }

  #toolNews(news: ToolRunNews): void {
    if (news.kind === 'started') {
      const tool = this.#parts.tools.has(news.name) ? news.name : 'unknown';
      const span = this.#child('tool', news.atMs, { 'parley.tool': tool });
      if (span !== null) this.#runningTools.set(news.id, span);
      return;
    }
    const span = this.#runningTools.get(news.id);
    this.#runningTools.delete(news.id);
    span?.tell({ 'parley.outcome': news.outcome });
    if (news.outcome === 'failed' || news.outcome === 'timedOut') span?.fail(`tool.${news.outcome}`);
    span?.end(this.#unix(news.atMs));
  }

  #child(name: string, sinceMs: number, facts: Parameters<TraceSpan['child']>[2]): TraceSpan | null {
    this.#spans += 1;
    if (this.#spans > spansMax) return null;
    return this.#call?.child(name, this.#unix(sinceMs), facts) ?? null;
  }

  #unix(atMs: number): number {
    return this.#startedUnixMs + atMs;
  }
}
