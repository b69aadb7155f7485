import { mulawSilence } from '../../../src/audio/mulaw.ts';

/** So many bytes in a row tell one moment of the agent's replies from every other. */
const keyBytes = 24;

/** One moment in so many bytes is indexed. */
const stride = 32;

/** A frame whose bytes agree to this share with what was expected is that. */
const agreementMin = 0.8;

/** A moment of a reply. */
export interface ReplyPlace {
  readonly reply: string;
  /** In ms since the beginning of the reply. */
  readonly atMs: number;
}

/** Knows which moment of which reply of the agent somebody hears, from the sound alone. */
export class ReplyLocator {
  readonly #replies: ReadonlyMap<string, Uint8Array>;
  readonly #index = new Map<string, { readonly reply: string; readonly at: number }>();

  /** `replies`: 8 kHz mu-law by name, as they sound on the line. */
  constructor(replies: ReadonlyMap<string, Uint8Array>) {
    this.#replies = replies;
    for (const [reply, sound] of replies) {
      for (let at = 0; at + keyBytes <= sound.length; at += stride) {
        // The filters begin with silence, which is alike everywhere.
        if (sound[at] !== mulawSilence) this.#index.set(keyAt(sound, at), { reply, at });
      }
    }
  }

  /** How long a reply is, in ms. */
  lengthMs(reply: string): number {
    return (this.#replies.get(reply)?.length ?? 0) / 8;
  }

  /** Where the beginning of a frame lies; it may lie before the reply begins. `expected` is tried first. Null for any other sound. */
  locate(frame: Uint8Array, expected: ReplyPlace | null): ReplyPlace | null {
    if (expected !== null && this.#agrees(frame, expected)) return expected;
    for (let offset = 0; offset + keyBytes <= frame.length; offset++) {
      const found = this.#index.get(keyAt(frame, offset));
      if (found !== undefined) return { reply: found.reply, atMs: (found.at - offset) / 8 };
    }
    return null;
  }

  #agrees(frame: Uint8Array, { reply, atMs }: ReplyPlace): boolean {
    const sound = this.#replies.get(reply);
    if (sound === undefined) return false;
    const from = Math.round(8 * atMs);
    let alike = 0;
    for (let i = 0; i < frame.length; i++) if (frame[i] === (sound[from + i] ?? mulawSilence)) alike++;
    return alike >= agreementMin * frame.length;
  }
}

function keyAt(sound: Uint8Array, at: number): string {
  return Buffer.from(sound.buffer, sound.byteOffset + at, keyBytes).toString('latin1');
}
