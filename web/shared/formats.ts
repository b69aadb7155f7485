import { clockTime } from '../../src/store/history/clock-time.ts';
import { dollars, isUnbilled } from '../../src/store/history/cost-words.ts';

/** Times and numbers as the viewer reads them: in the zone and the language of the browser. */
const locale = usableLocale(typeof navigator === 'undefined' ? 'en' : navigator.language);

/** The language of a browser, or English where it is no language tag: under a POSIX locale Chromium says `en-US@posix`. */
export function usableLocale(language: string): string {
  try {
    return Intl.getCanonicalLocales(language)[0] ?? 'en';
  } catch {
    return 'en';
  }
}

/** Such as `15:04:09`. */
export function timeOfDay(unixMs: number, timeZone?: string): string {
  return format(unixMs, { timeStyle: 'medium' }, timeZone);
}

/** Such as `28 Nov 2026, 15:04`. */
export function dateAndTime(unixMs: number, timeZone?: string): string {
  return format(unixMs, { dateStyle: 'medium', timeStyle: 'short' }, timeZone);
}

function format(unixMs: number, options: Intl.DateTimeFormatOptions, timeZone: string | undefined): string {
  return new Intl.DateTimeFormat(locale, { ...options, ...(timeZone === undefined ? {} : { timeZone }) }).format(
    unixMs,
  );
}

/** A wait or another length of time, such as `850 ms`, `2.4 s` or `3:20`. */
export function waitTime(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : clockTime(ms);
}

/** What a call has cost: dollars, or tokens where there is no price, as with the simulated agent; `none` without a bill. */
export function costText(call: { readonly costUsd: number | null; readonly tokens: number }): string {
  if (isUnbilled(call)) return 'none';
  return call.costUsd === null ? `${wholeCount(call.tokens)} tokens` : dollars(call.costUsd);
}

/** Such as `12,345`. */
export function wholeCount(count: number): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }).format(count);
}
