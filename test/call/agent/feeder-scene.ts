import { Feeder } from '../../../src/call/agent/feeder.ts';
import type { CallerState } from '../../../src/call/agent/first-words.ts';
import { ModelTurn } from '../../../src/call/agent/model-turn.ts';
import { Reaction } from '../../../src/call/reaction.ts';
import { mulawCodec } from '../../../src/sounds/mulaw-codec.ts';

const bytesPerMs = 8;

/** A message on its way, to the phone network or back. */
interface OnWay {
  readonly atMs: number;
  readonly to: 'network' | 'us';
  readonly what: Uint8Array | 'clear' | { readonly mark: string };
}

/** A phone network that is some way off, plays what it is sent, and echoes marks. While its line stands still, nothing arrives. */
export class PhoneNetwork {
  readonly #wayMs: number;
  readonly #onMark: (name: string) => void;
  #stillUntilMs = 0;
  #onWay: OnWay[] = [];
  #playing: { audio: Uint8Array; fromMs: number }[] = [];
  #marks: { name: string; atMs: number }[] = [];
  nowMs = 0;
  /** The most sound that it had in advance. */
  aheadMsMax = 0;

  constructor(wayMs: number, onMark: (name: string) => void) {
    this.#wayMs = wayMs;
    this.#onMark = onMark;
  }

  send(what: OnWay['what']): void {
    this.#onWay.push({ atMs: this.nowMs + this.#wayMs, to: 'network', what });
  }

  /** From this moment on nothing arrives for so long, in either direction. */
  standStill(ms: number): void {
    this.#stillUntilMs = this.nowMs + ms;
  }

  advance(): void {
    this.nowMs += 1;
    if (this.nowMs >= this.#stillUntilMs) {
      const arrived = this.#onWay.filter(({ atMs }) => atMs <= this.nowMs);
      this.#onWay = this.#onWay.filter(({ atMs }) => atMs > this.nowMs);
      for (const { to, what } of arrived) this.#arrived(to, what);
    }
    this.aheadMsMax = Math.max(this.aheadMsMax, this.#untilMs - this.nowMs);
    const reached = this.#marks.filter(({ atMs }) => atMs <= this.nowMs);
    this.#marks = this.#marks.filter(({ atMs }) => atMs > this.nowMs);
    this.#echo(reached);
  }

  /** All that the caller has heard. */
  get heard(): number[] {
    return this.#playing.flatMap(({ audio, fromMs }) => [...audio.subarray(0, this.#playedBytes(fromMs))]);
  }

  /** The silences between what was played, all together. */
  get gapsMs(): number {
    return this.#playing.reduce((sum, { fromMs }, at) => {
      const before = this.#playing[at - 1];
      return before === undefined ? 0 : sum + fromMs - (before.fromMs + before.audio.length / bytesPerMs);
    }, 0);
  }

  #arrived(to: OnWay['to'], what: OnWay['what']): void {
    if (what instanceof Uint8Array) {
      this.#playing.push({ audio: what, fromMs: Math.max(this.nowMs, this.#untilMs) });
    } else if (what === 'clear') {
      this.#playing = this.#playing
        .map(({ audio, fromMs }) => ({ fromMs, audio: audio.subarray(0, this.#playedBytes(fromMs)) }))
        .filter(({ audio }) => audio.length > 0);
      this.#echo(this.#marks);
      this.#marks = [];
    } else if (to === 'us') this.#onMark(what.mark);
    else this.#marks.push({ name: what.mark, atMs: this.#untilMs });
  }

  #echo(marks: readonly { readonly name: string }[]): void {
    const atMs = this.nowMs + this.#wayMs;
    for (const { name } of marks) this.#onWay.push({ atMs, to: 'us', what: { mark: name } });
  }

  #playedBytes(fromMs: number): number {
    return Math.max(0, Math.floor((this.nowMs - fromMs) * bytesPerMs));
  }

  get #untilMs(): number {
    const last = this.#playing.at(-1);
    return last === undefined ? 0 : last.fromMs + last.audio.length / bytesPerMs;
  }
}

/** A feeder with its stream, and the phone network at the other end. */
export class FeederScene {
  readonly reaction = new Reaction();
  readonly turn = new ModelTurn(this.reaction);
  readonly feeder = new Feeder(mulawCodec, this.turn, this.reaction);
  readonly network: PhoneNetwork;
  writes = 0;
  clears = 0;

  constructor(wayMs = 0) {
    this.network = new PhoneNetwork(wayMs, (name) => this.does(() => this.feeder.marked(name)));
    this.does(() => this.feeder.streamStarted());
  }

  get heard(): number[] {
    return this.network.heard;
  }

  /** The model says this, and goes on. */
  says(audio: Uint8Array): this {
    return this.does(() => {
      this.turn.audioArrived();
      this.feeder.say(audio);
    });
  }

  ends(): this {
    return this.does(() => void this.turn.generationCompleted());
  }

  callerIs(state: CallerState): this {
    return this.does(() => this.feeder.callerIs(state));
  }

  does(work: () => void): this {
    this.reaction.begin({ type: 'tick', atMs: this.network.nowMs });
    work();
    this.feeder.advance();
    for (const effect of this.reaction.effects) {
      if (effect.type === 'stream.media') {
        this.writes += 1;
        this.network.send(effect.audio);
      } else if (effect.type === 'stream.mark') this.network.send({ mark: effect.name });
      else if (effect.type === 'stream.clear') {
        this.clears += 1;
        this.network.send('clear');
      }
    }
    return this;
  }

  /** Time goes by in steps of a millisecond. `frameMs`: how often something else happens, as a frame of the caller does. */
  passes(ms: number, frameMs = 20): this {
    for (let passed = 0; passed < ms; passed++) {
      this.network.advance();
      const { nowMs } = this.network;
      const due = this.reaction.nextDeadline;
      if (due !== null && due.atMs <= nowMs) {
        this.reaction.begin({ type: 'tick', atMs: nowMs });
        this.reaction.takeDue();
        this.does(() => {});
      } else if (nowMs % frameMs === 0) this.does(() => {});
    }
    return this;
  }
}

/** A sound in which each byte tells where it stands. */
export function soundFrom(ms: number, fromMs = 0): Uint8Array {
  return new Uint8Array(ms * bytesPerMs).map((_, at) => (fromMs * bytesPerMs + at) % 251);
}
