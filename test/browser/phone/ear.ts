import type { Page } from 'playwright-core';
import { SincResampler } from '../../../web/phone/sound/sinc-resampler.ts';

const rateHz = 8000;

/** What a page has played, at 8 kHz, and when it was told to clear, in samples of it. */
export interface Overheard {
  readonly samples: Float32Array;
  readonly clearedAt: readonly number[];
}

/** Runs in the sound thread: hands on what comes to the loudspeaker. */
const tapScript = `
registerProcessor('tap', class extends AudioWorkletProcessor {
  heard = [];
  process([[samples]]) {
    this.heard.push(...(samples ?? new Float32Array(128)));
    if (this.heard.length >= 4096) {
      this.port.postMessage({ endsAt: currentTime + 128 / sampleRate, samples: Float32Array.from(this.heard) });
      this.heard = [];
    }
    return true;
  }
});`;

/** Runs in the page before its own scripts. */
const pageScript = `
window.ear = { pieces: [], clears: [], sockets: [], context: null, tapScript: ${JSON.stringify(tapScript)} };
const connect = AudioNode.prototype.connect;
AudioNode.prototype.connect = function (to, ...rest) {
  if (to instanceof AudioDestinationNode) {
    const { context } = this;
    ear.context = context;
    const tapScript = URL.createObjectURL(new Blob([ear.tapScript], { type: 'text/javascript' }));
    context.audioWorklet.addModule(tapScript).then(() => {
      const tap = new AudioWorkletNode(context, 'tap');
      tap.port.onmessage = ({ data }) => ear.pieces.push(data);
      connect.call(this, tap);
      connect.call(tap, to);
    });
  }
  return connect.call(this, to, ...rest);
};
window.WebSocket = class extends WebSocket {
  constructor(...parts) {
    super(...parts);
    ear.sockets.push(this);
    this.addEventListener('message', ({ data }) => {
      if (typeof data === 'string' && JSON.parse(data).type === 'clear') ear.clears.push(ear.context.currentTime);
    });
  }
};`;

/** Hears what a page plays, from the next page on. It brings a script of its own, which the pages' policy has to be bypassed for. */
export class Ear {
  readonly #page: Page;

  private constructor(page: Page) {
    this.#page = page;
  }

  static async put(page: Page): Promise<Ear> {
    await page.addInitScript(pageScript);
    return new Ear(page);
  }

  /** The connection of the page breaks. */
  async dropSocket(): Promise<void> {
    await this.#page.evaluate('ear.sockets.at(-1).close()');
  }

  async overheard(): Promise<Overheard> {
    const { browserHz, startedAt, clears, samples }: Heard = await this.#page.evaluate(`({
      browserHz: ear.context.sampleRate,
      startedAt: ear.pieces[0].endsAt - ear.pieces[0].samples.length / ear.context.sampleRate,
      clears: ear.clears,
      samples: ear.pieces.flatMap(({ samples }) => Array.from(samples, (sample) => Math.round(sample * 32767))),
    })`);
    const heard = Float32Array.from(samples, (sample) => sample / 32_767);
    return {
      samples: new SincResampler(browserHz, rateHz).convert(heard),
      clearedAt: clears.map((seconds) => Math.round((seconds - startedAt) * rateHz)),
    };
  }
}

interface Heard {
  readonly browserHz: number;
  readonly startedAt: number;
  readonly clears: readonly number[];
  readonly samples: readonly number[];
}
