import { mulawSample } from './g711.ts';
import type { FromHandset, ToHandset } from './handset-messages.ts';
import { SoundProblem } from './microphone.ts';
import type { PlayTally } from './play-queue.ts';

/** A browser that is asked for sound before anybody has clicked may wait for ever. */
const startMsMax = 5_000;

/** Whom the sound tells. */
export interface SoundListener {
  /** 20 ms of the microphone, as mu-law at 8 kHz. */
  onSpoken(audio: Uint8Array): void;
  onTally(tally: PlayTally): void;
}

/** The microphone and the loudspeaker of one call. */
export class HandsetSound {
  readonly #context: AudioContext;
  readonly #node: AudioWorkletNode;
  readonly #microphone: MediaStream | null;

  private constructor(context: AudioContext, node: AudioWorkletNode, microphone: MediaStream | null) {
    this.#context = context;
    this.#node = node;
    this.#microphone = microphone;
  }

  /** Begins with what the microphone hears; null for none. Throws `SoundProblem`. */
  static async open(microphone: MediaStream | null, listener: SoundListener): Promise<HandsetSound> {
    // At whatever rate the sound card has: not every browser gives a microphone another one.
    const context = newContext();
    try {
      await Promise.race([context.resume(), tooLate()]);
      await loadProcessor(context);
      const node = new AudioWorkletNode(context, 'handset', { outputChannelCount: [1], channelCount: 1 });
      node.port.addEventListener('message', ({ data }: MessageEvent<FromHandset>) => {
        if (data.type === 'spoken') listener.onSpoken(data.audio);
        else listener.onTally(data.tally);
      });
      node.port.start();
      if (microphone !== null) context.createMediaStreamSource(microphone).connect(node);
      node.connect(context.destination);
      return new HandsetSound(context, node, microphone);
    } catch (error) {
      void context.close();
      throw error instanceof SoundProblem ? error : new SoundProblem(wordsOf(error, context.sampleRate));
    }
  }

  /** How long the browser holds sound back. `outputLatency` is not asked: the page of a Firefox that plays may stop for ever in its answer. */
  get outputMs(): number {
    return Math.round(this.#context.baseLatency * 1000);
  }

  get rateHz(): number {
    return this.#context.sampleRate;
  }

  play(audio: Uint8Array): void {
    this.#tell({ type: 'play', audio });
  }

  clear(): void {
    this.#tell({ type: 'clear' });
  }

  set isMuted(isMuted: boolean) {
    this.#tell({ type: 'mute', isMuted });
  }

  /** Lets go of the microphone and the loudspeaker; a second time it does nothing. */
  close(): void {
    if (this.#context.state === 'closed') return;
    for (const track of this.#microphone?.getTracks() ?? []) track.stop();
    this.#node.disconnect();
    void this.#context.close();
  }

  #tell(message: ToHandset): void {
    this.#node.port.postMessage(message, []);
  }
}

function newContext(): AudioContext {
  try {
    return new AudioContext({ latencyHint: 'interactive' });
  } catch (error) {
    throw new SoundProblem(wordsOf(error, 0));
  }
}

/** How loud a frame is: 0 to 1, where 0 is -60 dBFS and less. */
export function loudness(audio: Uint8Array): number {
  const meanSquare = audio.reduce((sum, code) => sum + (mulawSample(code) / 32_768) ** 2, 0) / audio.length;
  return Math.max(0, 1 + Math.log10(meanSquare + 1e-9) / 6);
}

async function loadProcessor(context: AudioContext): Promise<void> {
  try {
    await context.audioWorklet.addModule('/web/phone/sound/handset-processor.ts');
  } catch (error) {
    const words =
      'The browser could not load what makes the sound. See whether Parley still runs (npm start), and reload the page.';
    throw Object.assign(new SoundProblem(words), { cause: error });
  }
}

async function tooLate(): Promise<never> {
  return new Promise((_resolve, reject) => {
    const words =
      'The browser does not start its sound. Check that a loudspeaker or headphones are connected, and call again.';
    setTimeout(() => reject(new SoundProblem(words)), startMsMax);
  });
}

function wordsOf(error: unknown, rateHz: number): string {
  const name = error instanceof DOMException ? error.name : String(error);
  if (name === 'NotSupportedError')
    return `The browser refuses the rate of the sound card (${rateHz} Hz) for this microphone. Choose another microphone or loudspeaker in the settings of your system, or another browser.`;
  return `The browser could not start its sound (${name}). Reload the page and call again.`;
}
