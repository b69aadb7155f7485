import type { HeardMessage, LevelsMessage } from './listener.ts';

/** Twilio's sound: 8 kHz mu-law. */
const lineRateHz = 8_000;

/** Caller frames come every 20 ms, more or less. So much is kept before they are played, and no more than so much. */
const callerSamplesMin = 0.08 * lineRateHz;
const callerSamplesMax = 0.4 * lineRateHz;

/** The agent's sound comes ahead of its time. Nobody speaks for so long without a pause. */
const agentSamplesMax = 120 * lineRateHz;

/** How often the page is told how loud both are. */
const levelsEverySamples = lineRateHz / 10;

declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;
declare const sampleRate: number;

/** The sound of one side, waiting to be played. */
class Lane {
  readonly #samplesMax: number;
  readonly #pieces: Float32Array[] = [];
  #at = 0;
  #waiting = 0;

  constructor(samplesMax: number) {
    this.#samplesMax = samplesMax;
  }

  get waiting(): number {
    return this.#waiting;
  }

  add(samples: Float32Array): void {
    this.#pieces.push(samples);
    this.#waiting += samples.length;
    while (this.#waiting > this.#samplesMax) this.#drop();
  }

  clear(): void {
    this.#pieces.length = 0;
    this.#at = 0;
    this.#waiting = 0;
  }

  /** The next sample; 0 when there is none. */
  next(): number {
    const piece = this.#pieces[0];
    const sample = piece?.[this.#at];
    if (piece === undefined || sample === undefined) return 0;
    this.#at += 1;
    this.#waiting -= 1;
    if (this.#at === piece.length) {
      this.#pieces.shift();
      this.#at = 0;
    }
    return sample;
  }

  #drop(): void {
    const piece = this.#pieces.shift();
    this.#waiting -= (piece?.length ?? 0) - this.#at;
    this.#at = 0;
  }
}

/** Plays both sides of a call: the caller a little to the left, the agent a little to the right. */
class Listener extends AudioWorkletProcessor {
  readonly #caller = new Lane(callerSamplesMax);
  readonly #agent = new Lane(agentSamplesMax);
  #callerPlays = false;
  /** How far the time of the line is ahead of what was played, in samples of the line. */
  #due = 0;
  #now = { caller: 0, agent: 0 };
  #sums = { caller: 0, agent: 0, samples: 0 };

  constructor() {
    super();
    this.port.addEventListener('message', ({ data }: MessageEvent<HeardMessage>) => this.#take(data));
    this.port.start();
  }

  process(_inputs: readonly Float32Array[][], [output]: readonly Float32Array[][]): boolean {
    const [left, right] = output ?? [];
    if (left === undefined) return true;
    for (let at = 0; at < left.length; at += 1) {
      this.#due += lineRateHz / sampleRate;
      for (; this.#due >= 1; this.#due -= 1) this.#step();
      const { caller, agent } = this.#now;
      left[at] = caller + 0.4 * agent;
      if (right !== undefined) right[at] = 0.4 * caller + agent;
    }
    return true;
  }

  #take(message: HeardMessage): void {
    switch (message.kind) {
      case 'caller':
        return this.#caller.add(message.samples);
      case 'agent':
        return this.#agent.add(message.samples);
      case 'cleared':
        return this.#agent.clear();
    }
  }

  #step(): void {
    if (!this.#callerPlays) this.#callerPlays = this.#caller.waiting >= callerSamplesMin;
    else if (this.#caller.waiting === 0) this.#callerPlays = false;
    const caller = this.#callerPlays ? this.#caller.next() : 0;
    const agent = this.#agent.next();
    this.#now = { caller, agent };
    this.#sums.caller += caller * caller;
    this.#sums.agent += agent * agent;
    this.#sums.samples += 1;
    if (this.#sums.samples >= levelsEverySamples) this.#tellLevels();
  }

  #tellLevels(): void {
    const { caller, agent, samples } = this.#sums;
    const levels: LevelsMessage = { caller: Math.sqrt(caller / samples), agent: Math.sqrt(agent / samples) };
    this.port.postMessage(levels, []);
    this.#sums = { caller: 0, agent: 0, samples: 0 };
  }
}

registerProcessor('listener', Listener);
