import { z } from 'zod';
import { nearestName } from '../config/misspelt.ts';
import { type ContextValues, parseDefaults, readDefaults } from './context/context-values.ts';
import { parseBusinessHours } from './hours/business-hours.ts';
import { parseHolidays } from './hours/holidays.ts';
import type { Holiday, WeekHours } from './hours/schedule.ts';
import { zoneName } from './hours/wall-clock.ts';

// The forms in which an admin writes hours and values, in the environment or in a file. Each message is the rest of a sentence that begins
// with the name of the setting.

/** An IANA time zone. Whoever writes only the city, or misspells it, is told the zone. */
export const timeZone = z.string().transform((text, context): string => {
  const name = zoneName(text);
  if (name !== null) return name;
  const zones = Intl.supportedValuesOf('timeZone');
  const city = text.replaceAll(' ', '_').toLowerCase();
  const near =
    zones.find((zone) => zone.toLowerCase().endsWith(`/${city}`)) ?? nearestName(text.replaceAll(' ', '_'), zones);
  const remedy = near === null ? 'it wants a zone such as Europe/Vienna or America/New_York' : `did you mean ${near}?`;
  context.addIssue(`is "${text.slice(0, 40)}", which is no time zone; ${remedy}${near === null ? '.' : ''}`);
  return z.NEVER;
});

/** The hours of a week as people write them. */
export const businessHours = z.string().transform((text, context): WeekHours => {
  const read = parseBusinessHours(text);
  if ('week' in read) return read.week;
  for (const problem of read.problems) context.addIssue(problem);
  return z.NEVER;
});

/** Days that differ from the week. */
export const holidayList = z.string().transform((text, context): readonly Holiday[] => {
  const read = parseHolidays(text);
  if ('holidays' in read) return read.holidays;
  for (const problem of read.problems) context.addIssue(problem);
  return z.NEVER;
});

/** Names of values, each with its default: `customer=our customer;plan=unknown`. */
export const contextDefaults = z.string().transform((text, context): ContextValues => {
  const read = parseDefaults(text);
  if ('defaults' in read) return read.defaults;
  for (const problem of read.problems) context.addIssue(problem);
  return z.NEVER;
});

/** The same as a map, in a file. */
export const contextMap = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
  .transform((written, context): ContextValues => {
    const read = readDefaults(Object.entries(written).map(([name, value]) => [name, String(value)]));
    if ('defaults' in read) return read.defaults;
    for (const { name, what } of read.faults)
      context.addIssue({ code: 'custom', message: what, path: name === null ? [] : [name] });
    return z.NEVER;
  });
