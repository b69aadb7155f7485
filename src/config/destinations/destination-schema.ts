import type { CountryCode } from 'libphonenumber-js/max';
import { z } from 'zod';

import { withoutNumbers } from '../../admin-file/without-numbers.ts';
import {
  announcementCharsMax,
  announcementNames,
  type Destination,
  type DialTarget,
  ringSecondsUsual,
} from '../../call/phone/destination.ts';
import type { FlatIssue } from './flat-issues.ts';
import type { AfterHours, OpeningHours } from './opening-hours.ts';
import { readDialledNumber, readPhoneNumber } from './phone-numbers.ts';
import { sipProblem } from './sip-address.ts';

/** A destination with what the call itself need not know of it. */
export interface PlannedDestination extends Destination {
  /** Null: somebody is always there. */
  readonly hours: OpeningHours | null;
  readonly afterHours: AfterHours;
}

/** What holds for destinations that do not say otherwise. */
export interface TransferDefaults {
  /** Whose national numbers are understood; null for none. */
  readonly country: CountryCode | null;
  /** What holds for a destination that does not say otherwise. */
  readonly accept: Destination['accept'];
  readonly announcement: string;
}

/** What destinations are read with. */
export interface DestinationMeans extends TransferDefaults {
  /** Whether messages are taken at all. */
  readonly takesMessages: boolean;
  /** Reads hours as they stand there. */
  readonly readHours: (value: unknown) => { readonly hours: OpeningHours } | { readonly problem: string };
}

/** More names do not fit into a model's choice, nor into anybody's head. */
const destinationsMax = 64;

/** Each rings half a minute, and no caller waits longer. */
const targetsMax = 5;

const digits = z
  .string()
  .regex(/^[0-9*#w]{1,32}$/, 'wants up to 32 of the signs 0-9, *, # and w, which waits half a second.');
const ringSeconds = z.int().min(5, ringWanted()).max(60, ringWanted());
const text = z.string().trim().min(1, 'is empty.');

/** Each target may have a caller id, a ring time and digits of its own. */
const targetForm = z.union([
  text,
  z.strictObject({
    to: text,
    caller_id: text.optional(),
    ring_seconds: ringSeconds.optional(),
    digits: digits.optional(),
  }),
]);

const targets = z.union([
  targetForm,
  z.array(targetForm).min(1, 'is empty.').max(targetsMax, `wants at most ${targetsMax}.`),
]);

const destinationForm = z.union([
  text,
  z.strictObject({
    to: targets,
    caller_id: text.optional(),
    ring_seconds: ringSeconds.optional(),
    digits: digits.optional(),
    accept: z.enum(['press-1', 'none']).optional(),
    whisper: z
      .strictObject({
        words: text
          .max(announcementCharsMax, `is too long; it wants at most ${announcementCharsMax} characters.`)
          .optional(),
        language: z
          .string()
          .regex(/^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i, 'wants a tag such as de-AT.')
          .optional(),
      })
      .optional(),
    hours: z.unknown().optional(),
    after_hours: text.optional(),
  }),
]);

/** The fields that a destination may have, for whoever misspells one. */
export const destinationFieldNames: readonly string[] = destinationForm.options.flatMap((form) =>
  form instanceof z.ZodObject ? Object.keys(form.shape) : [],
);

type DestinationForm = Exclude<z.output<typeof destinationForm>, string>;
type TargetForm = Exclude<z.output<typeof targetForm>, string>;

/** Tells what is wrong at a path below a destination. */
type Complain = (path: readonly (string | number)[], message: string) => void;

/**
 * The destinations of an agent by name, as a file or a setting holds them: a number, a SIP address, or what else is to be said of each. What
 * they come to, `planDestinations` says.
 */
export const destinationForms = z.record(z.string(), destinationForm);

/** What destinations come to, and all that is wrong with them: each message is the rest of a sentence. */
export interface PlannedDestinations {
  readonly destinations: ReadonlyMap<string, PlannedDestination>;
  readonly faults: readonly FlatIssue[];
}

/** Reads numbers, addresses, words and hours of destinations whose form is right. */
export function planDestinations(
  forms: z.output<typeof destinationForms>,
  means: DestinationMeans,
): PlannedDestinations {
  const faults: FlatIssue[] = [];
  const complain: Complain = (path, message) => void faults.push({ path, message });
  if (Object.keys(forms).length > destinationsMax) complain([], `has more than ${destinationsMax} destinations.`);
  const planned = new Map<string, PlannedDestination>();
  for (const [name, form] of Object.entries(forms)) {
    if (!/^[a-z][a-z0-9-]{0,39}$/.test(name))
      complain([name], 'has a wrong name; it wants small letters, digits and "-", a letter first.');
    const whole = typeof form === 'string' ? { to: form } : form;
    planned.set(
      name,
      plan(whole, means, (path, message) => complain([name, ...path], message)),
    );
  }
  for (const [name, { afterHours }] of planned) checkAfterHours(name, afterHours, planned, means, complain);
  return { destinations: planned, faults };
}

function plan(form: DestinationForm, means: DestinationMeans, complain: Complain): PlannedDestination {
  const listed = Array.isArray(form.to) ? form.to : [form.to];
  const announcement = form.whisper?.words ?? means.announcement;
  const problem = announcementProblem(announcement);
  if (problem !== null && form.whisper?.words !== undefined) complain(['whisper', 'words'], problem);
  const accept = form.accept === undefined ? means.accept : form.accept === 'none' ? 'none' : 'press1';
  return {
    targets: listed.flatMap((one, index) => {
      const path = Array.isArray(form.to) ? ['to', index] : [];
      const target = typeof one === 'string' ? { to: one } : one;
      return planTarget({ ...ofAll(form), ...target }, means, (below, message) =>
        complain([...path, ...below], message),
      );
    }),
    accept,
    announcement,
    language: form.whisper?.language ?? null,
    hours: plannedHours(form, means, complain),
    afterHours: afterHoursOf(form.after_hours),
  };
}

function ofAll({ caller_id, ring_seconds, digits: tones }: DestinationForm): Partial<TargetForm> {
  return {
    ...(caller_id !== undefined && { caller_id }),
    ...(ring_seconds !== undefined && { ring_seconds }),
    ...(tones !== undefined && { digits: tones }),
  };
}

function planTarget(form: TargetForm, { country }: DestinationMeans, complain: Complain): DialTarget[] {
  const callerId = form.caller_id === undefined ? null : readPhoneNumber(form.caller_id, country);
  if (callerId === null && form.caller_id !== undefined)
    complain(['caller_id'], 'is no telephone number; it wants one of your Twilio numbers, such as +43 1 2345678.');
  const rest = { callerId, ringSeconds: form.ring_seconds ?? ringSecondsUsual };
  if (/^sips?:/i.test(form.to)) {
    const problem = sipProblem(form.to);
    if (problem !== null) complain([], problem);
    if (form.digits !== undefined)
      complain(['digits'], 'cannot be sent to a SIP address; put the extension into the address.');
    return problem === null ? [{ kind: 'sip', address: form.to, ...rest, digits: '' }] : [];
  }
  const read = readDialledNumber(form.to, country);
  if ('problem' in read) {
    complain([], read.problem);
    return [];
  }
  // An extension is keyed in a second after the answer: a switchboard needs a moment to listen.
  const extension = read.extension === null ? '' : `ww${read.extension}`;
  return [{ kind: 'number', address: read.number, ...rest, digits: form.digits ?? extension }];
}

/** What is wrong with the words of an announcement, as the rest of a sentence; null when nothing is. */
export function announcementProblem(words: string): string | null {
  const known: readonly string[] = announcementNames;
  const unknown = [...words.matchAll(/\{\{(.*?)\}\}/g)]
    .map(([, name = '']) => name)
    .find((name) => !known.includes(name));
  return unknown === undefined
    ? null
    : `holds {{${unknown}}}, which nothing fills; it knows ${known.map((name) => `{{${name}}}`).join(', ')}.`;
}

function plannedHours(
  { hours }: DestinationForm,
  { readHours }: DestinationMeans,
  complain: Complain,
): OpeningHours | null {
  if (hours === undefined || hours === null) return null;
  const read = readHours(hours);
  if ('hours' in read) return read.hours;
  complain(['hours'], read.problem);
  return null;
}

function afterHoursOf(written: string | undefined): AfterHours {
  if (written === undefined || written === 'tell') return { kind: 'tell' };
  return written === 'voicemail' ? { kind: 'message' } : { kind: 'destination', name: written };
}

/** A destination that stands for another after hours must exist, and the way through them must end. */
function checkAfterHours(
  name: string,
  first: AfterHours,
  planned: ReadonlyMap<string, PlannedDestination>,
  { takesMessages }: DestinationMeans,
  complain: Complain,
): void {
  if (first.kind === 'message' && !takesMessages)
    complain([name, 'after_hours'], 'is voicemail, and no messages are taken; set FALLBACK_VOICEMAIL=true.');
  const seen = new Set([name]);
  for (let next = first; next.kind === 'destination';) {
    const place = planned.get(next.name);
    if (place === undefined) {
      const wanted = 'it wants the name of another destination, voicemail or tell';
      return next === first
        ? complain([name, 'after_hours'], `names "${withoutNumbers(next.name)}", which is no destination; ${wanted}.`)
        : undefined;
    }
    if (seen.has(next.name))
      return complain([name, 'after_hours'], 'leads back to itself; let one of them end in voicemail or tell.');
    seen.add(next.name);
    next = place.hours === null ? { kind: 'tell' } : place.afterHours;
  }
}

function ringWanted(): string {
  return 'wants a whole number of seconds, from 5 to 60.';
}

/** The destinations as a call knows them. The header of a call log holds them. */
export function callDestinations(
  planned: ReadonlyMap<string, PlannedDestination>,
): Readonly<Record<string, Destination>> {
  return Object.fromEntries(
    [...planned].map(([name, { targets: all, accept, announcement, language }]) => [
      name,
      { targets: all, accept, announcement, language },
    ]),
  );
}
