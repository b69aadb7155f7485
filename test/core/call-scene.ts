import { Call } from '../../src/core/call.ts';
import type { CallSettings } from '../../src/core/call-settings.ts';
import type { CallDocument, CallEffect } from '../../src/core/effects.ts';
import type { CallFact } from '../../src/core/events.ts';
import { InvariantWatch } from '../../src/core/invariants.ts';
import { mulawCodec } from '../../src/shell/mulaw-codec.ts';

const settings: CallSettings = {
  greeting: 'Hello, this is Parley.',
  apology: 'I am sorry.',
  destinations: { support: '+15550100', sales: '+15550101' },
  fallbackDestination: '+15550102',
  callMsMax: 600_000,
};

type EffectOf<Type extends CallEffect['type']> = Extract<CallEffect, { type: Type }>;

/** Drives a call through time, which is a number here, and holds every step to the invariants. */
export class CallScene {
  readonly #call: Call;
  readonly #watch = new InvariantWatch();
  #nowMs = 0;
  #sequence = 0;
  #effects: CallEffect[] = [];

  constructor(changes: Partial<CallSettings> = {}) {
    this.#call = new Call({ ...settings, ...changes }, mulawCodec);
  }

  /** A call whose stream has started and whose model is open; its greeting has been asked for. */
  static answered(changes: Partial<CallSettings> = {}): CallScene {
    const scene = new CallScene(changes);
    scene.happens({ type: 'call.received' }, { type: 'stream.started', streamSid: 'MZ1' }, { type: 'model.opened' });
    return scene;
  }

  /** An answered call whose greeting of one second has been heard. */
  static greeted(changes: Partial<CallSettings> = {}): CallScene {
    const scene = CallScene.answered(changes);
    scene.agentSpeaks(1000);
    scene.happens({ type: 'model.generationCompleted' });
    scene.passes(1000);
    scene.marksReturn();
    scene.happens({ type: 'model.turnCompleted', reason: null });
    scene.forget();
    return scene;
  }

  get phase(): string {
    return this.#call.phase;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  get account(): Call['account'] {
    return this.#call.account;
  }

  get deadline(): string | null {
    return this.#call.nextDeadline()?.name ?? null;
  }

  /** Effects since the last `forget`, without the notes. */
  get ordered(): CallEffect[] {
    return this.#effects.filter(({ type }) => type !== 'note');
  }

  all<Type extends CallEffect['type']>(type: Type): EffectOf<Type>[] {
    return this.#effects.filter((effect): effect is EffectOf<Type> => effect.type === type);
  }

  get types(): string[] {
    return this.ordered.map(({ type }) => type);
  }

  get answers(): CallDocument[] {
    return this.all('call.answer').map(({ document }) => document);
  }

  get lines(): string[] {
    return this.all('transcript.add').map(({ speaker, text, cut }) => `${speaker}: ${text}${cut ? ' —' : ''}`);
  }

  get endReason(): string | null {
    return this.all('call.end')[0]?.reason ?? null;
  }

  forget(): void {
    this.#effects = [];
  }

  happens(...facts: readonly CallFact[]): this {
    for (const fact of facts) {
      const event = { ...fact, atMs: this.#nowMs };
      const effects = this.#call.handle(event);
      const broken = this.#watch.observe(event, effects, this.#call);
      if (broken.length > 0) throw new Error(`On ${event.type}: ${broken.join('; ')}`);
      this.#effects.push(...effects);
    }
    return this;
  }

  /** Lets time pass; every deadline on the way is met at its moment. */
  passes(ms: number): this {
    const untilMs = this.#nowMs + ms;
    for (;;) {
      const deadline = this.#call.nextDeadline();
      if (deadline === null || deadline.atMs > untilMs) break;
      this.#nowMs = Math.max(this.#nowMs, deadline.atMs);
      this.happens({ type: 'tick' });
    }
    this.#nowMs = untilMs;
    return this;
  }

  /** The model sends this much audio: a quiet tone of 24 kHz. */
  agentSpeaks(ms: number): this {
    return this.happens({ type: 'model.audio', pcm: pcmTone(ms) });
  }

  /** The caller speaks or is silent, in frames of 20 ms that take their time. */
  callerSends(ms: number, kind: 'speech' | 'silence'): this {
    for (let sent = 0; sent < ms; sent += 20) {
      this.passes(20);
      this.#sequence += 1;
      const audio = new Uint8Array(160).fill(kind === 'speech' ? 0x20 : 0xff);
      this.happens({ type: 'stream.media', sequence: this.#sequence, timestampMs: this.#nowMs, audio });
    }
    return this;
  }

  /** All marks that were sent since the last `forget` come back. */
  marksReturn(): this {
    return this.happens(...this.all('stream.mark').map(({ name }): CallFact => ({ type: 'stream.marked', name })));
  }

  toolCalled(id: string, name: string, args: Record<string, unknown> = {}): this {
    return this.happens({ type: 'model.toolCalled', calls: [{ id, name, args }] });
  }

  toolFinished(id: string, leave: Extract<CallFact, { type: 'tool.finished' }>['leave'] = null): this {
    return this.happens({ type: 'tool.finished', id, response: { result: 'done' }, silent: false, leave });
  }
}

function pcmTone(ms: number): Uint8Array {
  const samples = new Int16Array(ms * 24).map((_, index) => (index % 48 < 24 ? 4000 : -4000));
  return new Uint8Array(samples.buffer);
}
