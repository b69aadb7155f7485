// What a caller would hear in the wrong language, or never hear.

import type { z } from 'zod';
import type { PlannedDestination } from '../destinations/destination-schema.ts';
import type { environment } from '../environment.ts';

type Values = z.output<typeof environment>;

/** What an agent that speaks another language still says in English, one sentence each. */
export function languageWarnings(given: ReadonlyMap<string, string>, { AGENT_LANGUAGE: language }: Values): string[] {
  if (language === undefined || /\benglish\b/i.test(language.name)) return [];
  const spoken = [
    'AGENT_GREETING',
    'AGENT_APOLOGY',
    ...(destinationsSetting(given) !== null && given.get('TRANSFER_ACCEPT') !== 'none'
      ? ['TRANSFER_ANNOUNCEMENT']
      : []),
    ...(given.get('FALLBACK_VOICEMAIL') === 'true' ? ['VOICEMAIL_PROMPT', 'VOICEMAIL_THANKS'] : []),
  ].filter((name) => !given.has(name));
  const unset =
    spoken.length === 0
      ? []
      : [
          `AGENT_LANGUAGE is ${language.name}, and callers would hear English where these are not set: ${spoken.join(', ')}.`,
        ];
  // Twilio's voice reads the apology, and knows languages by their tags only.
  const untagged =
    language.tag === null
      ? [`AGENT_LANGUAGE is a name, by which Twilio's own voice knows no language; use a tag such as de-DE instead.`]
      : [];
  return [...unset, ...untagged];
}

/** Words for a message that nobody is asked for. `false` says that this is meant, and agents of a file may have a voicemail of their own. */
export function voicemailWarnings(given: ReadonlyMap<string, string>): string[] {
  const words = ['VOICEMAIL_PROMPT', 'VOICEMAIL_THANKS', 'VOICEMAIL_MAX_SECONDS'].filter((name) => given.has(name));
  if (words.length === 0 || given.has('FALLBACK_VOICEMAIL') || given.has('AGENTS_FILE')) return [];
  return [
    `${words.join(' and ')} ${words.length === 1 ? 'is' : 'are'} set and FALLBACK_VOICEMAIL is not: no caller can leave a message; set it to true.`,
  ];
}

/** Numbers from manuals, and those that reach nobody. No message holds a number. */
export function numberWarnings(
  given: ReadonlyMap<string, string>,
  destinations: ReadonlyMap<string, PlannedDestination>,
  fallbackNumber: string | null,
): string[] {
  const numbers = [
    ...(fallbackNumber === null ? [] : [['FALLBACK_DESTINATION', fallbackNumber]]),
    ...[...destinations].flatMap(([name, { targets }]) =>
      targets.map(({ address }) => [`${destinationsSetting(given)} for "${name}"`, address]),
    ),
  ];
  return numbers.flatMap(([where = '', number = '']) => {
    const fault = numberFault(number);
    return fault === null ? [] : [`${where} is ${fault}; put the number of a person in its place.`];
  });
}

function numberFault(number: string): string | null {
  if (/^\+1500555\d{4}$/.test(number)) return 'a number for tests of Twilio';
  return /^\+1\d{3}55501\d\d$/.test(number) ? 'a number from an example' : null;
}

/** Destinations that a call may not reach. Twilio asks what comes next when a stream ends; where it does not, only REST helps. */
export function destinationWarnings(given: ReadonlyMap<string, string>): string[] {
  const setting = destinationsSetting(given);
  const fallback = 'FALLBACK_DESTINATION';
  const names = [...(setting === null ? [] : [setting]), ...(given.has(fallback) ? [fallback] : [])];
  return names.length === 0 || given.has('TWILIO_ACCOUNT_SID')
    ? []
    : [
        `${names.join(' and ')} ${names.length === 1 ? 'is' : 'are'} set and TWILIO_ACCOUNT_SID is not: without it Parley cannot redirect a call whose media stream hangs; set it.`,
      ];
}

/** The setting that says where callers may be connected; null for none. */
function destinationsSetting(given: ReadonlyMap<string, string>): string | null {
  return ['TRANSFER_DESTINATIONS', 'TRANSFER_DESTINATIONS_FILE'].find((name) => given.has(name)) ?? null;
}
