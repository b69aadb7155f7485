import { Call } from '../../../src/call/call.ts';
import { type CallSettings, usualPatience } from '../../../src/call/call-settings.ts';
import { usualBargeIn } from '../../../src/call/turns/barge-in-rule.ts';
import type { CallFact } from '../../../src/call/events.ts';
import { modelRules } from '../../../src/gemini/models.ts';
import { standardAudioPath } from '../../../src/sounds/standard-audio-path.ts';

const settings: CallSettings = {
  greeting: 'Hello.',
  apology: 'Sorry.',
  caller: null,
  destinations: {},
  fallback: { number: null, voicemail: null },
  callMsMax: Number.MAX_SAFE_INTEGER,
  model: { first: modelRules('gemini-3.8-live').behavior, fallback: null },
  sessionMsMax: Number.MAX_SAFE_INTEGER,
  bargeIn: usualBargeIn,
  patience: usualPatience,
  tools: {},
};

/** A call whose greeting was heard, in virtual time, to which things happen one after the other. */
export class FrameCall {
  readonly #call = new Call(settings, standardAudioPath);
  #nowMs = 0;
  #marks: string[] = [];

  constructor() {
    this.happens({ type: 'call.received' }, 0);
    this.happens({ type: 'stream.started', streamSid: 'MZ1' }, 0);
    this.happens({ type: 'model.opened' }, 0);
  }

  /** Something happens, so long after what happened before. */
  happens(fact: CallFact, afterMs: number): void {
    this.#nowMs += afterMs;
    for (const effect of this.#call.handle({ ...fact, atMs: this.#nowMs }))
      if (effect.type === 'stream.mark') this.#marks.push(effect.name);
  }

  /** The caller has heard all that was sent, and the turn is over. */
  hearsTurn(): void {
    this.happens({ type: 'model.generationCompleted' }, 0);
    for (const name of this.#marks.splice(0)) this.happens({ type: 'stream.marked', name }, 0);
    this.happens({ type: 'model.turnCompleted', reason: null }, 0);
  }
}
