const e164 = /^\+[1-9]\d{6,14}$/;

/** A number as people write it, in E.164; null when its country is missing or it is none. */
export function readPhoneNumber(text: string): string | null {
  const number = plain(text).replace(/^00/, '+');
  return e164.test(number) ? number : null;
}

/** What a number without a country would be in North America, where ten digits are a whole number; null for any other. */
export function northAmericanNumber(text: string): string | null {
  const [, digits] = /^1?([2-9]\d{2}[2-9]\d{6})$/.exec(plain(text)) ?? [];
  return digits === undefined ? null : `+1${digits}`;
}

/** Without what people put in between: spaces, brackets, dots, dashes, and a zero that is dialled at home only. */
function plain(text: string): string {
  return text.replaceAll('(0)', '').replaceAll(/[\s().\-/\u2010-\u2015]/g, '');
}
