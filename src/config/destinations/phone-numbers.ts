import { createRequire } from 'node:module';

import type * as PhoneLibrary from 'libphonenumber-js/max';
import type { CountryCode, PhoneNumber } from 'libphonenumber-js/max';

const require = createRequire(import.meta.url);
let loaded: typeof PhoneLibrary | null = null;

/**
 * The library with its large metadata, because only they tell what kind of number it is. Loaded with the first number that is read: that
 * takes 28 ms and 2 MB of heap (9 MB of the process), by `require` half of what its hundred ES modules take.
 */
function library(): typeof PhoneLibrary {
  const known: typeof PhoneLibrary = loaded ?? require('libphonenumber-js/max');
  loaded = known;
  return known;
}

/** A number that may be dialled, or what speaks against it: the rest of a sentence that begins with where the number stands. */
export type ReadNumber = { readonly number: string; readonly extension: string | null } | { readonly problem: string };

/** ISO 3166 code of a country, such as `AT`, if the library knows numbers of it; null for any other text. */
export function readCountry(text: string): CountryCode | null {
  const code = text.toUpperCase();
  // Where nothing else is a number either, the library is not loaded for no country.
  if (!/^[A-Z]{2}$/.test(code)) return null;
  return library().isSupportedCountry(code) ? code : null;
}

/**
 * A number as people write it, in E.164, whoever may be reached by it; null when its country is missing or it is none. `country` is whose
 * national form is taken, if any.
 */
export function readPhoneNumber(text: string, country: CountryCode | null = null): string | null {
  const read = parsed(text, country);
  return read !== null && /^\+[1-9]\d{6,14}$/.test(read.number) ? read.number : null;
}

/** The country calling code of a number in E.164, such as `43`; null for what is none, such as a SIP address. */
export function callingCodeOf(number: string): string | null {
  return parsed(number, null)?.countryCallingCode ?? null;
}

/** What a number without a country would be in North America, where ten digits are a whole number; null for any other. */
export function northAmericanNumber(text: string): string | null {
  const [, digits] = /^1?([2-9]\d{2}[2-9]\d{6})$/.exec(plain(text)) ?? [];
  return digits === undefined ? null : `+1${digits}`;
}

/**
 * A number that callers may be connected with, as people write it, with its extension: `+43 1 2345678 ext. 42`. `country` is whose national
 * form is taken, if any. What reaches nobody, costs the account whatever the other side likes, or is meant for emergencies is none.
 */
export function readDialledNumber(text: string, country: CountryCode | null): ReadNumber {
  const [short] = /^\d{1,6}$/.exec(plain(text)) ?? [];
  if (short !== undefined && !short.startsWith('00')) return { problem: shortProblem(short) };
  const number = parsed(text, country);
  if (number === null) return { problem: unreadProblem(text, country) };
  const problem = numberProblem(number);
  return problem === null ? { number: number.number, extension: number.ext ?? null } : { problem };
}

/** The same of the number that takes a call when the agent fails. */
export function readFallbackNumber(
  text: string,
  country: CountryCode | null,
): { readonly number: string } | { readonly problem: string } {
  const read = readDialledNumber(text, country);
  if ('problem' in read || read.extension === null) return read;
  return { problem: 'has an extension, which nobody would key in; put a direct number in its place.' };
}

/** Numbers of emergency services somewhere in the world. None of them is longer, and no telephone in an office has one. */
const emergency: ReadonlySet<string> = new Set(
  `000 100 101 102 103 104 105 106 107 108 110 111 112 113 114 115 116 117 118 119 120 122 123 125 126 127 128 129 130 131 132 133 140 141
  142 143 144 145 150 155 158 160 166 180 190 191 192 193 194 195 196 197 198 199 911 912 913 914 915 922 933 947 955 977 985 991 992 993
  994 995 996 997 998 999`.split(/\s+/),
);

function shortProblem(digits: string): string {
  return emergency.has(digits)
    ? 'is an emergency number, to which no caller may be sent; put the number of a person in its place.'
    : 'is a short code, which works in its own country or network only; write the whole number, such as +43 1 2345678.';
}

/** Why a text is not read as a number, as the rest of a sentence. */
export function unreadProblem(text: string, country: CountryCode | null): string {
  const hasCountry = /^(\+|00)/.test(plain(text));
  if (country === null && !hasCountry && /^\d{7,15}$/.test(plain(text)))
    return 'lacks its country; write it with + and the country, such as +43 1 2345678, or set PHONE_COUNTRY.';
  return 'is no telephone number; it wants +, the country and the number, such as +43 1 2345678.';
}

/** Why nobody may be sent to this number; null when nothing speaks against it. */
function numberProblem(number: PhoneNumber): string | null {
  const { countryCallingCode: code, nationalNumber } = number;
  if (emergency.has(nationalNumber)) return shortProblem(nationalNumber);
  // Freephone numbers of no country are ordinary ones; all other codes that belong to no country are satellites and services.
  if (number.isNonGeographic() && code !== '800') {
    return `begins with +${code}, which are satellites and international services, at several dollars a minute; put the number of a person in its place.`;
  }
  if (!number.isPossible()) {
    return `has too many or too few digits for a number of ${countryName(number)}; check the digits.`;
  }
  if (!number.isValid()) {
    return `is in no range that ${countryName(number)} has given out; check the digits, and update Parley if the range is new.`;
  }
  switch (number.getType()) {
    case 'PREMIUM_RATE':
      return 'is a premium-rate number, which would cost the account by the minute; put an ordinary number in its place.';
    case 'PAGER':
      return 'is a pager, with which nobody can speak; put the number of a telephone in its place.';
    case 'VOICEMAIL':
      return 'is a voicemail, where no person answers; put the number of a telephone in its place.';
    default:
      return null;
  }
}

function countryName({ country, countryCallingCode }: PhoneNumber): string {
  if (country === undefined) return countryCallingCode === '1' ? 'North America' : `the country +${countryCallingCode}`;
  return new Intl.DisplayNames('en', { type: 'region' }).of(country) ?? country;
}

/** Null for what the library does not take for a number. Letters are refused: a word on the keys is no way to write a setting. */
function parsed(text: string, country: CountryCode | null): PhoneNumber | null {
  const tidy = text
    .replaceAll('(0)', '')
    .trim()
    .replace(/^00/, '+')
    .replaceAll(/[\u2010-\u2015]/g, '-');
  const withoutExtension = tidy.replace(/\s*(;ext=|ext\.?|x|#)\s*\d{1,9}$/i, '');
  if (/[^\d+()./\s-]/.test(withoutExtension) || /^\+\s*0/.test(tidy)) return null;
  const options = { extract: false, ...(country === null ? {} : { defaultCountry: country }) };
  return library().parsePhoneNumberFromString(tidy, options) ?? null;
}

/** Without what people put in between: spaces, brackets, dots, dashes, and a zero that is dialled at home only. */
function plain(text: string): string {
  return text.replaceAll('(0)', '').replaceAll(/[\s().\-/\u2010-\u2015]/g, '');
}
