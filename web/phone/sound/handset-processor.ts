import { mulawCode } from './g711.ts';
import type { FromHandset, ToHandset } from './handset-messages.ts';
import { PlayQueue } from './play-queue.ts';
import { SincResampler } from './sinc-resampler.ts';

// This file runs in the browser's sound thread, which the types of the DOM leave out.
declare const sampleRate: number;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;

const lineHz = 8000;
const frameBytes = 160;

/** About twice a second. */
const blocksPerTally = 200;

/** The microphone and the loudspeaker of the handset: 128 samples at a time, at whatever rate the browser has. */
class HandsetProcessor extends AudioWorkletProcessor {
  readonly #down = new SincResampler(sampleRate, lineHz);
  readonly #up = new SincResampler(lineHz, sampleRate);
  readonly #queue = new PlayQueue();
  readonly #silence = new Float32Array(frameBytes / 8);
  #frame = new Uint8Array(frameBytes);
  #filled = 0;
  #ready = new Float32Array();
  #isMuted = false;
  #blocks = 0;

  constructor() {
    super();
    this.port.addEventListener('message', ({ data }: MessageEvent<ToHandset>) => this.#take(data));
    this.port.start();
  }

  process([input]: Float32Array[][], [output]: Float32Array[][]): boolean {
    const speaker = output?.[0];
    if (speaker === undefined) return true;
    // Without a microphone there is no input: the agent hears silence.
    this.#hear(input?.[0] ?? new Float32Array(speaker.length));
    this.#play(speaker);
    this.#blocks += 1;
    if (this.#blocks % blocksPerTally === 0) this.#tell({ type: 'tally', tally: this.#queue.tally }, []);
    return true;
  }

  #take(message: ToHandset): void {
    if (message.type === 'play') this.#queue.push(message.audio);
    else if (message.type === 'clear') this.#queue.clear();
    else this.#isMuted = message.isMuted;
  }

  #hear(microphone: Float32Array): void {
    for (const sample of this.#down.convert(microphone)) {
      const clipped = Math.max(-1, Math.min(1, this.#isMuted ? 0 : sample));
      this.#frame[this.#filled] = mulawCode(Math.round(clipped * 32_767));
      this.#filled += 1;
      if (this.#filled === frameBytes) this.#sendFrame();
    }
  }

  #sendFrame(): void {
    const audio = this.#frame;
    this.#frame = new Uint8Array(frameBytes);
    this.#filled = 0;
    this.#tell({ type: 'spoken', audio }, [audio.buffer]);
  }

  #play(speaker: Float32Array): void {
    while (this.#ready.length < speaker.length) {
      const more = this.#up.convert(this.#queue.next() ?? this.#silence);
      const ready = new Float32Array(this.#ready.length + more.length);
      ready.set(this.#ready);
      ready.set(more, this.#ready.length);
      this.#ready = ready;
    }
    speaker.set(this.#ready.subarray(0, speaker.length));
    this.#ready = this.#ready.slice(speaker.length);
  }

  #tell(message: FromHandset, transfer: Transferable[]): void {
    this.port.postMessage(message, transfer);
  }
}

registerProcessor('handset', HandsetProcessor);
