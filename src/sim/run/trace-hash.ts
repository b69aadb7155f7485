import type { CallEffect } from '../../call/effects.ts';
import type { CallEvent } from '../../call/events.ts';
import { stepLine } from '../../calllog/log-format.ts';

/**
 * Hashes all steps of a call, so that two runs can be compared by one number: FNV-1a over the lines of its log, 32 bits. Sound that came
 * in counts by its length only, because the fingerprints of what the call made of it stand in the lines.
 */
export class TraceHash {
  #hash = 0x811c9dc5;

  add(event: CallEvent, effects: readonly CallEffect[]): void {
    const line = stepLine(event, effects, () => 0);
    let hash = this.#hash;
    for (let at = 0; at < line.length; at += 1) hash = Math.imul(hash ^ line.charCodeAt(at), 0x01000193);
    this.#hash = hash;
  }

  /** Eight hexadecimal digits. */
  get value(): string {
    return (this.#hash >>> 0).toString(16).padStart(8, '0');
  }
}
