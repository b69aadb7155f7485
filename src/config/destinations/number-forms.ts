import type { CountryCode } from 'libphonenumber-js/max';
import { z } from 'zod';

import { readFallbackNumber, readPhoneNumber, unreadProblem } from './phone-numbers.ts';

// Numbers in a file of the admin. `country` is whose national form is taken, if any; what comes out is in E.164.

/** A telephone number, whoever has it. */
export function phoneNumber(country: CountryCode | null) {
  return z.string().transform((text, context): string => {
    const number = readPhoneNumber(text, country);
    if (number !== null) return number;
    context.addIssue(unreadProblem(text, country));
    return z.NEVER;
  });
}

/** The number that takes a call when the agent fails. */
export function fallbackNumber(country: CountryCode | null) {
  return z.string().transform((text, context): string => {
    const read = readFallbackNumber(text, country);
    if ('number' in read) return read.number;
    context.addIssue(read.problem);
    return z.NEVER;
  });
}
