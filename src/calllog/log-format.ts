import type { CallSettings } from '../call/call-settings.ts';
import type { CallEffect } from '../call/effects.ts';
import type { CallEvent } from '../call/events.ts';

/** Raised whenever an older reader would misunderstand a log. */
export const logVersion = 4;

/** The agent of a recorded call: its name, and the model that the call began with, whose prices hold. */
export interface RecordedAgent {
  readonly name: string;
  readonly model: string;
}

/** The first line of a call log. */
export interface LogHeader {
  readonly format: 'parley-call-log';
  readonly version: typeof logVersion;
  readonly callSid: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** Which filters made the sound: the `filterVersion` of its time. */
  readonly filters: number;
  readonly settings: CallSettings;
  /** Who answered; not in a log that was scrubbed, nor in one of a simulation. */
  readonly agent?: RecordedAgent;
  /** Fingerprint of the filler phrase, if the call had another one than the shipped one: an exact replay needs the same. */
  readonly fillerPhrase?: string;
  /** What a fixture pins, in one sentence. */
  readonly why?: string;
}

/** Where the audio of an event lies in the file beside the log; `at` is null when it had to be dropped. */
export interface StoredAudio {
  readonly at: number | null;
  readonly bytes: number;
}

/** Stores audio that came in and returns its offset, or null when there is no room. */
export type StoreAudio = (audio: Uint8Array) => number | null;

/** An effect as it stands in a log: by its name, with whatever the version that wrote it had to say. */
export interface RecordedEffect {
  readonly type: string;
  readonly [member: string]: unknown;
}

/** The JSON of one step: what happened, and what the call ordered because of it. */
export function stepLine(event: CallEvent, effects: readonly CallEffect[], storeAudio: StoreAudio): string {
  const stored = withAudio(event, (audio): StoredAudio => ({ at: storeAudio(audio), bytes: audio.length }));
  return JSON.stringify({ event: stored, effects: effectRecords(effects) });
}

/** The JSON of the last line of a log that ends before its call: why nothing more could be written. */
export function cutLine(why: string): string {
  return JSON.stringify({ cut: why });
}

/**
 * Effects as they stand in a log, which pins what a call does: notes for debugging are left out, and so are the words of prompts, so
 * that both can be changed without recording again, and the keys of tool runs.
 */
export function effectRecords(effects: readonly CallEffect[]): RecordedEffect[] {
  return effects.filter((effect) => effect.type !== 'note' || effect.level !== 'debug').map(effectRecord);
}

/** The audio of an effect follows from the events, so a fingerprint is enough to see that a replay made the same. */
function effectRecord(effect: CallEffect): RecordedEffect {
  if (effect.type === 'model.sendText') return { type: effect.type, prompts: effect.prompts };
  // The key is made of the arguments, of which a scrubbed log tells nothing.
  if (effect.type === 'tool.run') return { type: effect.type, call: effect.call };
  return withAudio(effect, (audio) => ({ bytes: audio.length, fingerprint: fingerprint(audio) }));
}

/** Every step of every simulated call comes through here, so it makes one object and no lists. */
function withAudio(value: CallEvent | CallEffect, replace: (audio: Uint8Array) => object): RecordedEffect {
  const record: Record<string, unknown> & { type: string } = { ...value };
  for (const name in record) {
    const member = record[name];
    if (member instanceof Uint8Array) record[name] = replace(member);
  }
  return record;
}

/** FNV-1a, 32 bits, in hexadecimal: not for security, but a changed sample changes it. */
export function fingerprint(bytes: Uint8Array): string {
  let hash = 0x811c9dc5;
  // By place: with the iterator, V8's code may take four times as long.
  for (let at = 0; at < bytes.length; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
