import { mulawCodec } from '../../../src/sounds/mulaw-codec.ts';
import { Caller } from '../../../src/sim/caller/caller.ts';
import { parseCallerScript } from '../../../src/sim/caller/caller-script.ts';
import type { Handset, SpokenFrame, Voice } from '../../../src/sim/caller/handset.ts';
import { seededRandom } from '../../../src/sim/seeded-random.ts';
import { talkInTurns } from '../../kill/talk-in-turns.ts';
import type { Stretch } from '../judge/round-facts.ts';

const pitchHz = 900;

/** A pause shorter than this is none. */
const pauseMsMax = 60;

/** The two codes of mu-law that are silence. */
const silence: ReadonlySet<number> = new Set([0xff, 0x7f]);

/** A caller who talks in turns and notes when something was to be heard, of the agent or a comfort tone. */
export class ListeningCaller implements Handset {
  readonly #sounds: { fromMs: number; toMs: number }[] = [];
  readonly #caller: Caller;

  constructor(seed: number) {
    const script = parseCallerScript(talkInTurns(pitchHz), []);
    this.#caller = new Caller({ script, clips: new Map(), codec: mulawCodec, nextRandom: seededRandom(seed) });
  }

  /** Times are Unix time in ms. */
  get sounds(): readonly Stretch[] {
    return this.#sounds;
  }

  nextFrame(voice: Voice | null): SpokenFrame {
    return this.#caller.nextFrame(voice);
  }

  hear(audio: Uint8Array): void {
    if (audio.every((code) => silence.has(code))) return;
    const nowMs = performance.timeOrigin + performance.now();
    const last = this.#sounds.at(-1);
    if (last !== undefined && nowMs - last.toMs < pauseMsMax) last.toMs = nowMs;
    else this.#sounds.push({ fromMs: nowMs, toMs: nowMs });
  }
}
