import type { CallEffect } from '../call/effects.ts';
import type { CallEvent } from '../call/events.ts';
import type { ErrorCode } from '../errors.ts';
import { closeVerdict } from '../gemini/closes.ts';

/** What a model session begins with: the first of a call, one with the handle of an earlier one, or one without; or the fallback model. */
export type SessionBegin = 'first' | 'resumed' | 'fresh' | 'fallback';

/** What happened to the model sessions of a call. A session without a `fault` at its end was given up or closed by Parley. */
export type ModelRunNews =
  | { readonly kind: 'asked'; readonly begins: SessionBegin; readonly atMs: number }
  | { readonly kind: 'opened'; readonly sinceMs: number; readonly atMs: number }
  | { readonly kind: 'ended'; readonly wasOpen: boolean; readonly fault: ErrorCode | null; readonly atMs: number };

/** The model sessions of a live call, one after the other, told from its steps. */
export class ModelRuns {
  #session: { readonly sinceMs: number; readonly isOpen: boolean } | null = null;
  #hasOpened = false;
  #news: ModelRunNews[] = [];

  /** Takes a step. Most steps bring no news. */
  take(event: CallEvent, effects: readonly CallEffect[]): readonly ModelRunNews[] {
    this.#news = [];
    this.#takeEvent(event);
    for (const effect of effects) {
      if (effect.type === 'model.open') this.#asked(effect, event.atMs);
      if (effect.type === 'model.close') this.#ended(didNotAnswer(effects) ? 'model.setupTimeout' : null, event.atMs);
    }
    return this.#news;
  }

  /** The call is over, and with it its session. */
  close(atMs: number): readonly ModelRunNews[] {
    this.#news = [];
    this.#ended(null, atMs);
    return this.#news;
  }

  #takeEvent(event: CallEvent): void {
    switch (event.type) {
      case 'model.opened': {
        const { sinceMs, isOpen } = this.#session ?? { sinceMs: event.atMs, isOpen: true };
        if (isOpen) return;
        this.#session = { sinceMs, isOpen: true };
        return void this.#news.push({ kind: 'opened', sinceMs, atMs: event.atMs });
      }
      case 'model.openFailed':
        return this.#ended(event.fault, event.atMs);
      case 'model.closed':
        return this.#ended(closeVerdict(event.code, event.reason).fault ?? 'model.closed', event.atMs);
      default:
    }
  }

  #asked({ handle, fallback }: Extract<CallEffect, { type: 'model.open' }>, atMs: number): void {
    this.#ended(null, atMs);
    const anew = this.#hasOpened ? 'fresh' : 'first';
    const begins = fallback ? 'fallback' : handle === null ? anew : 'resumed';
    this.#hasOpened = true;
    this.#session = { sinceMs: atMs, isOpen: false };
    this.#news.push({ kind: 'asked', begins, atMs });
  }

  #ended(fault: ErrorCode | null, atMs: number): void {
    if (this.#session === null) return;
    this.#news.push({ kind: 'ended', wasOpen: this.#session.isOpen, fault, atMs });
    this.#session = null;
  }
}

function didNotAnswer(effects: readonly CallEffect[]): boolean {
  return effects.some(
    (effect) => effect.type === 'note' && effect.name === 'modelLost' && effect.fields.fault === 'model.setupTimeout',
  );
}
