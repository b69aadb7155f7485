import { filterVersion } from '../../audio/filters.ts';
import type { AudioPath } from '../../audio/audio-path.ts';
import { Call } from '../../call/call.ts';
import type { CallSettings, Voicemail } from '../../call/call-settings.ts';
import type { Destination } from '../../call/phone/destination.ts';
import type { CallEffect } from '../../call/effects.ts';
import type { CallEvent } from '../../call/events.ts';
import { usualAnnouncement } from '../../call/phone/destination.ts';
import { blank } from './blank.ts';
import { isSoundLeft, knownValues, type Leak, leakedValues } from './canary.ts';
import { assertEvent } from '../event-fields.ts';
import {
  effectRecords,
  fingerprint,
  type LogHeader,
  logVersion,
  type RecordedEffect,
  stepLine,
} from '../log-format.ts';
import type { RecordedCall } from '../read-log.ts';
import { scrubbedEvent } from './scrubbed-event.ts';
import { StandInCaller } from './stand-in-caller.ts';
import { shapeOf, StandIns, type TextReplacement } from './stand-ins.ts';

/** What the operator decides about a scrubbed log. */
export interface ScrubOptions {
  /** What the call pins as a fixture, in one sentence. It is written as it stands. */
  readonly why: string;
  /** Leaves the voices in. */
  readonly keepsAudio: boolean;
  /** What happens later is left out; Infinity for nothing. */
  readonly untilMs: number;
}

/** A fixture that lasts longer makes every run of the tests slower for good. */
export const fixtureMsMax = 20_000;

/** Why a fixture is kept: one sentence, which fits a line in a list of them and says more than a name. */
export const fixtureWhyForm = /^[A-Z][^.!?\n]{20,150}\.$/;

/** A step of which the scrubbed call orders something else than the recorded one did, and not only in other words. */
export interface ScrubDifference {
  readonly line: number;
  readonly event: CallEvent;
  readonly recorded: readonly RecordedEffect[];
  readonly scrubbed: readonly RecordedEffect[];
}

/** A log that holds nothing personal, unless `leaks` says otherwise. */
export interface ScrubbedLog {
  /** The file of lines. */
  readonly text: string;
  /** The file beside it. */
  readonly audio: Uint8Array;
  readonly steps: number;
  readonly durationMs: number;
  readonly differences: readonly ScrubDifference[];
  /** How many known values were looked for. */
  readonly knownCount: number;
  /** What of the original is left. When there is anything, the log must not be kept. */
  readonly leaks: readonly Leak[];
}

/** When each scrubbed call is said to have begun: the day of a call is personal too. */
const startedAt = '2000-01-01T00:00:00.000Z';

/**
 * Makes a log that can be shown to anybody: numbers, ids, words, tool data and sound are replaced by stand-ins of the same shape. The
 * core runs over the new events, and its effects are what the new log holds.
 */
export function scrub(whole: RecordedCall, options: ScrubOptions, audioPath: AudioPath): ScrubbedLog {
  // A number of the part that is cut off may not stand in the reason either.
  const toolNames = new Set(whole.steps.flatMap(({ event }) => toolNamesOf(event)));
  const known = knownValues(whole, toolNames);
  const record = { ...whole, steps: whole.steps.filter(({ event }) => event.atMs <= options.untilMs) };
  const standIns = new StandIns(known);
  const { callSid, settings: original } = record.header;
  const settings = scrubbedSettings(original, standIns);
  const header: LogHeader = {
    format: 'parley-call-log',
    version: logVersion,
    callSid: standIns.name(callSid),
    startedAt,
    filters: filterVersion,
    settings,
    why: options.why,
  };
  const caller = options.keepsAudio ? null : standInCaller(record, audioPath);
  const events = record.steps.map(({ event }) => scrubbedEvent(event, standIns, caller));
  const log = written(header, events, audioPath);

  // The same call without any words shows which words of the log are the program's own. Its names stay, because they are compared.
  const names = standIns.names.filter((name) => !known.some((value) => name.toLowerCase().includes(value)));
  const kept = new Set([...toolNames, ...names]);
  const twin = written(
    blankHeader(header, kept),
    events.map((event) => blankEvent(event, kept)),
    audioPath,
  );
  const leaks = leakedValues(known, log.lines, twin.lines);
  if (!options.keepsAudio) {
    record.steps.forEach(({ event }, index) => {
      const scrubbed = events[index];
      if (scrubbed !== undefined && isSoundLeft(soundOf(event), soundOf(scrubbed))) {
        leaks.push({ line: index + 2, value: 'the sound' });
      }
    });
  }
  return {
    text: log.lines.map((line) => `${line}\n`).join(''),
    audio: log.audio,
    steps: events.length,
    durationMs: events.at(-1)?.atMs ?? 0,
    differences: differences(record, log.effects),
    knownCount: known.length,
    leaks,
  };
}

/** The seed tells the stand-in of a call from that of its scrubbed log, which has another number. */
function standInCaller({ header, steps }: RecordedCall, audioPath: AudioPath): StandInCaller {
  const pieces = steps.flatMap(({ event }) => (event.type === 'stream.media' ? [event.audio] : []));
  const seed = Number.parseInt(fingerprint(Uint8Array.from(header.callSid, (letter) => letter.charCodeAt(0))), 16);
  return new StandInCaller(pieces, audioPath.voiceDetector(), audioPath.codec, seed);
}

interface WrittenLog {
  readonly lines: readonly string[];
  readonly audio: Uint8Array;
  readonly effects: readonly (readonly CallEffect[])[];
}

/** The log of a call to which these events happen. */
function written(header: LogHeader, events: readonly CallEvent[], audioPath: AudioPath): WrittenLog {
  const call = new Call(header.settings, audioPath);
  const pieces: Uint8Array[] = [];
  let end = 0;
  const store = (audio: Uint8Array): number => {
    pieces.push(audio);
    end += audio.length;
    return end - audio.length;
  };
  const lines = [JSON.stringify(header)];
  const effects = events.map((event) => {
    const ordered = reactionOf(call, event);
    lines.push(stepLine(event, ordered, store));
    return ordered;
  });
  const audio = new Uint8Array(end);
  let at = 0;
  for (const piece of pieces) {
    audio.set(piece, at);
    at += piece.length;
  }
  return { lines, audio, effects };
}

/** The event at which a call crashes has no effects: so the host writes it down, and so a replay must see it. */
function reactionOf(call: Call, event: CallEvent): readonly CallEffect[] {
  try {
    return call.handle(event);
  } catch {
    return [];
  }
}

function scrubbedSettings(settings: CallSettings, standIns: TextReplacement): CallSettings {
  const { greeting, apology, caller, destinations, fallback, ...limits } = settings;
  return {
    ...limits,
    greeting: standIns.text(greeting),
    apology: standIns.text(apology),
    caller: caller === null ? null : standIns.name(caller),
    destinations: Object.fromEntries(
      Object.entries(destinations).map(([name, place]) => [standIns.name(name), scrubbedDestination(place, standIns)]),
    ),
    fallback: {
      number: fallback.number === null ? null : standIns.name(fallback.number),
      voicemail: fallback.voicemail === null ? null : scrubbedVoicemail(fallback.voicemail, standIns),
    },
  };
}

/** The names between braces are the program's own: the announcement is made of them, and of nothing else that is looked at. */
function scrubbedDestination(place: Destination, standIns: TextReplacement): Destination {
  const targets = place.targets.map(({ address, callerId, digits, ...target }) => ({
    ...target,
    address: standIns.name(address),
    callerId: callerId === null ? null : standIns.name(callerId),
    digits: standIns.name(digits),
  }));
  return { ...place, targets, announcement: usualAnnouncement };
}

function scrubbedVoicemail({ prompt, thanks, secondsMax }: Voicemail, standIns: TextReplacement): Voicemail {
  return { prompt: standIns.text(prompt), thanks: standIns.text(thanks), secondsMax };
}

/** Nothing in a reason is personal but numbers: the operator wrote it for everybody to read. */
function blankHeader(header: LogHeader, kept: ReadonlySet<string>): LogHeader {
  const name = (text: string): string => (kept.has(text) ? text : shapeOf(text));
  return {
    ...header,
    callSid: shapeOf(header.callSid),
    settings: scrubbedSettings(header.settings, { text: shapeOf, name }),
    why: header.why?.replaceAll(/\d/g, '0') ?? '',
  };
}

function blankEvent(event: CallEvent, kept: ReadonlySet<string>): CallEvent {
  const blanked = blank(event, kept);
  assertEvent(blanked);
  return blanked;
}

function toolNamesOf(event: CallEvent): string[] {
  return event.type === 'model.toolCalled' ? event.calls.map(({ name }) => name) : [];
}

function soundOf(event: CallEvent): Uint8Array {
  if (event.type === 'stream.media') return event.audio;
  return event.type === 'model.audio' ? event.pcm : new Uint8Array();
}

function differences({ steps }: RecordedCall, effects: WrittenLog['effects']): ScrubDifference[] {
  return steps.flatMap(({ line, event, effects: recorded }, index) => {
    const scrubbed = effectRecords(effects[index] ?? []);
    const isAlike = shapesOf(recorded) === shapesOf(scrubbed);
    return isAlike ? [] : [{ line, event, recorded, scrubbed }];
  });
}

/** What is left of effects without their words and without what their sound is like. */
function shapesOf(effects: readonly RecordedEffect[]): string {
  const shapes = effects.map((effect) => [
    effect.type,
    effect.type === 'note' ? effect.name : (effect.prompts ?? null),
    blank(effect, none),
  ]);
  return JSON.stringify(shapes, (key, value: unknown) => (key === 'fingerprint' ? '' : value));
}

const none: ReadonlySet<string> = new Set();
