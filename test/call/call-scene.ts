import type { AudioPath } from '../../src/audio/audio-path.ts';
import { Call } from '../../src/call/call.ts';
import { type CallSettings, usualPatience } from '../../src/call/call-settings.ts';
import { usualBargeIn } from '../../src/call/turns/barge-in-rule.ts';
import type { CallEffect, CallInstruction, DialInstruction } from '../../src/call/effects.ts';
import { type Destination, plainTarget, usualAnnouncement } from '../../src/call/phone/destination.ts';
import type { CallFact, ModelRemedy } from '../../src/call/events.ts';
import type { ErrorCode } from '../../src/errors.ts';
import { InvariantWatch } from '../../src/call/invariants.ts';
import { standardAudioPath } from '../../src/sounds/standard-audio-path.ts';
import { modelRules } from '../../src/gemini/models.ts';

/** A destination of one number, where whoever answers has the caller. */
export function placeAt(number: string, changes: Partial<Destination> = {}): Destination {
  return {
    targets: [plainTarget(number)],
    accept: 'none',
    announcement: usualAnnouncement,
    language: null,
    ...changes,
  };
}

/** What a call says that has a number dialled: the first thing it dials, unless `changes` say otherwise. */
export function dials(number: string, changes: Partial<DialInstruction> = {}): DialInstruction {
  return {
    kind: 'dial',
    attempt: 1,
    target: plainTarget(number),
    transfer: { destination: 'support', reason: null, step: 0 },
    mustAccept: false,
    say: null,
    ...changes,
  };
}

const settings: CallSettings = {
  greeting: 'Hello, this is Parley.',
  apology: 'I am sorry.',
  caller: '+15550123',
  destinations: { support: placeAt('+15550100'), sales: placeAt('+15550101') },
  fallback: { number: '+15550102', voicemail: null },
  callMsMax: 600_000,
  model: { first: modelRules('gemini-3.8-live').behavior, fallback: null },
  sessionMsMax: 540_000,
  // Most tests let time pass in which nobody says anything.
  bargeIn: usualBargeIn,
  patience: { ...usualPatience, idleMs: 600_000 },
  tools: {},
};

type EffectOf<Type extends CallEffect['type']> = Extract<CallEffect, { type: Type }>;

/** The code of which each of the caller's sounds consists. Noise has -43 dBFS: as loud as speech, and no voice for an ear that goes by level. */
const callerCodes = { speech: 0x20, silence: 0xff, noise: 0xe9 };

type CallerSound = keyof typeof callerCodes;

/** Drives a call through time, which is a number here, and holds every step to the invariants. */
export class CallScene {
  readonly #call: Call;
  readonly #watch = new InvariantWatch();
  #nowMs = 0;
  #sequence = 0;
  #effects: CallEffect[] = [];
  #playing: { readonly name: string; readonly atMs: number }[] = [];
  #playedMs = 0;

  constructor(changes: Partial<CallSettings> = {}, audioPath: AudioPath = standardAudioPath) {
    this.#call = new Call({ ...settings, ...changes }, audioPath);
  }

  /** Time jumps without a tick on the way, as when the process was held up. */
  jumps(ms: number): this {
    return this.stalls(ms).happens({ type: 'tick' });
  }

  /** Time goes by, and nothing is noticed before the next event. */
  stalls(ms: number): this {
    this.#nowMs += ms;
    return this;
  }

  /** A call whose stream has started and whose model is open; its greeting has been asked for. */
  static answered(changes: Partial<CallSettings> = {}, audioPath?: AudioPath): CallScene {
    const scene = new CallScene(changes, audioPath);
    scene.happens({ type: 'call.received' }, { type: 'stream.started', streamSid: 'MZ1' }, { type: 'model.opened' });
    return scene;
  }

  /** An answered call whose greeting of one second has been heard. */
  static greeted(changes: Partial<CallSettings> = {}, audioPath?: AudioPath): CallScene {
    const scene = CallScene.answered(changes, audioPath);
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

  get tally(): Call['tally'] {
    return this.#call.tally;
  }

  get deadline(): string | null {
    return this.#call.nextDeadline()?.name ?? null;
  }

  /** Effects since the last `forget`, without the notes and without the silence that the model is sent. */
  get ordered(): CallEffect[] {
    return this.#effects.filter((effect) => effect.type !== 'note' && !isSilence(effect));
  }

  all<Type extends CallEffect['type']>(type: Type): EffectOf<Type>[] {
    return this.#effects.filter((effect): effect is EffectOf<Type> => effect.type === type);
  }

  get types(): string[] {
    return this.ordered.map(({ type }) => type);
  }

  /** The same without sound for the caller, which goes on while other things happen. */
  get otherTypes(): string[] {
    return this.types.filter((type) => type !== 'stream.media' && type !== 'stream.mark');
  }

  get answers(): CallInstruction[] {
    return this.all('call.answer').map(({ instruction }) => instruction);
  }

  get lines(): string[] {
    return this.all('transcript.add').map(({ speaker, text, cut }) => `${speaker}: ${text}${cut ? ' —' : ''}`);
  }

  /** What the model was told, since the last `forget`. */
  get texts(): string[] {
    return this.all('model.sendText').map(({ text }) => text);
  }

  /** Steps of the escalation since the last `forget`, as `cause: step`. */
  get steps(): string[] {
    return this.notes('escalated').map(({ cause, step }) => `${cause}: ${step}`);
  }

  /** How much audio the model was sent since the last `forget`, in ms. */
  get sentToModelMs(): number {
    return this.all('model.sendAudio').reduce((sum, { pcm }) => sum + pcm.length / 32, 0);
  }

  notes(name: string): EffectOf<'note'>['fields'][] {
    return this.all('note')
      .filter((note) => note.name === name)
      .map(({ fields }) => fields);
  }

  get endReason(): string | null {
    return this.all('call.end')[0]?.reason ?? null;
  }

  forget(): this {
    this.#effects = [];
    return this;
  }

  happens(...facts: readonly CallFact[]): this {
    for (const fact of facts) {
      const event = { ...fact, atMs: this.#nowMs };
      const effects = this.#call.handle(event);
      const broken = this.#watch.observe(event, effects, this.#call);
      if (broken.length > 0) throw new Error(`On ${event.type}: ${broken.join('; ')}`);
      this.#effects.push(...effects);
      this.#play(effects);
    }
    return this;
  }

  /** Twilio plays in order, from the moment in which it is sent something. */
  #play(effects: readonly CallEffect[]): void {
    for (const effect of effects) {
      if (effect.type === 'stream.clear') this.#playing = [];
      if (effect.type === 'stream.media')
        this.#playedMs =
          Math.max(this.#nowMs, this.#playing.length === 0 ? 0 : this.#playedMs) + effect.audio.length / 8;
      if (effect.type === 'stream.mark') this.#playing.push({ name: effect.name, atMs: this.#playedMs });
    }
  }

  /** Lets time pass in which the caller hears the agent: each mark comes back when it is due. */
  callerHears(ms: number): this {
    const untilMs = this.#nowMs + ms;
    for (let next = this.#playing[0]; next !== undefined && next.atMs <= untilMs; next = this.#playing[0]) {
      this.passes(Math.max(0, next.atMs - this.#nowMs));
      if (this.#playing[0] !== next) continue;
      this.#playing.shift();
      this.happens({ type: 'stream.marked', name: next.name });
    }
    return this.passes(untilMs - this.#nowMs);
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

  /** The caller speaks, is silent, or the line makes a noise, in frames of 20 ms that take their time. */
  callerSends(ms: number, kind: CallerSound): this {
    for (let sent = 0; sent < ms; sent += 20) this.passes(20).#frameComes(kind, this.#nowMs);
    return this;
  }

  /** Frames of so long come only when the last of them is due, all at once. */
  callerIsLate(ms: number, kind: CallerSound): this {
    const fromMs = this.#nowMs;
    this.passes(ms);
    for (let sent = 20; sent <= ms; sent += 20) this.#frameComes(kind, fromMs + sent);
    return this;
  }

  #frameComes(kind: CallerSound, timestampMs: number): void {
    this.#sequence += 1;
    const audio = new Uint8Array(160).fill(callerCodes[kind]);
    this.happens({ type: 'stream.media', sequence: this.#sequence, timestampMs, audio });
  }

  /** The model sends sound that nobody can hear. */
  agentBreathes(ms: number): this {
    return this.happens({ type: 'model.audio', pcm: new Uint8Array(ms * 48) });
  }

  /** The model says a whole reply, and the caller hears it to its end. */
  agentReplies(ms: number, words = ''): this {
    if (words !== '') this.happens({ type: 'model.agentTranscript', text: words });
    this.agentSpeaks(ms).happens({ type: 'model.generationCompleted' });
    return this.passes(ms).marksReturn().happens({ type: 'model.turnCompleted', reason: null });
  }

  /** The caller says something and has stopped: an answer is expected from here on. */
  callerAsks(ms = 400): this {
    return this.callerSends(ms, 'speech').callerSends(600, 'silence');
  }

  /** The model session breaks, and another one is there after this time. */
  modelReturns(afterMs: number, closed: CallFact = modelClosed(1006, '')): this {
    return this.happens(closed).passes(afterMs).happens({ type: 'model.opened' });
  }

  /** All marks that were sent since the last `forget` come back. */
  marksReturn(): this {
    return this.happens(...this.all('stream.mark').map(({ name }): CallFact => ({ type: 'stream.marked', name })));
  }

  toolCalled(id: string, name: string, args: Record<string, unknown> = {}): this {
    return this.happens({ type: 'model.toolCalled', calls: [{ id, name, args }] });
  }

  toolFinished(id: string, leave: Extract<CallFact, { type: 'tool.finished' }>['leave'] = null): this {
    return this.happens({ type: 'tool.finished', id, response: { result: 'done' }, scheduling: 'whenIdle', leave });
  }
}

function pcmTone(ms: number): Uint8Array {
  const samples = new Int16Array(ms * 24).map((_, index) => (index % 48 < 24 ? 4000 : -4000));
  return new Uint8Array(samples.buffer);
}

function isSilence(effect: CallEffect): boolean {
  return effect.type === 'model.sendAudio' && effect.pcm.every((byte) => byte === 0);
}

/** What a resumed session that remembers everything is told. */
export const doNotGreet = 'You are in the middle of a phone call. Do not greet the caller again.';

/** The model session was lost; what helps is said as the wire would say it. */
export function modelClosed(code: number, reason: string, remedy: ModelRemedy = 'resume'): CallFact {
  return { type: 'model.closed', code, reason, remedy, jitter: 0 };
}

/** No model session could be opened. */
export function modelOpenFailed(fault: ErrorCode, remedy: ModelRemedy = 'resume'): CallFact {
  return { type: 'model.openFailed', fault, remedy, jitter: 0 };
}
