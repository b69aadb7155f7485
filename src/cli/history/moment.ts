/** A stretch of time that somebody has named, in Unix ms: `untilMs` is no part of it. */
export interface Moment {
  readonly fromMs: number;
  readonly untilMs: number;
}

const unitsMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

const clock = String.raw`(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2}))?`;
const forms = [
  new RegExp(`^${clock}$`),
  new RegExp(`^(?<day>today|yesterday)(?:[ T]${clock})?$`, 'i'),
  new RegExp(String.raw`^(?<date>\d{4}-\d{2}-\d{2})(?:[ T]${clock})?$`, 'i'),
];

/**
 * Reads a time as a person names it, in the zone of this machine: `15:04`, `yesterday 15:04`, `2026-11-27 15:04`, `yesterday`. A time of day
 * alone is the last one that has been. Null for anything else.
 */
export function parseMoment(text: string, nowMs: number): Moment | null {
  const named = forms.map((form) => form.exec(text.trim())?.groups).find((groups) => groups !== undefined);
  if (named === undefined) return null;
  const { date, day, hour, minute, second } = named;
  const from = startOfDay(date, nowMs);
  if (day?.toLowerCase() === 'yesterday') from.setDate(from.getDate() - 1);
  if (hour === undefined || minute === undefined) {
    const until = new Date(from);
    until.setDate(until.getDate() + 1);
    return moment(from.getTime(), until.getTime());
  }
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second ?? 0) > 59) return null;
  from.setHours(Number(hour), Number(minute), Number(second ?? 0));
  if (date === undefined && day === undefined && from.getTime() > nowMs) from.setDate(from.getDate() - 1);
  return moment(from.getTime(), from.getTime() + (second === undefined ? unitsMs.m : unitsMs.s));
}

/** Reads the beginning or end of a span: a time as `parseMoment` reads it, or how long ago, such as `90m`, `24h` or `7d`. In Unix ms. */
export function parseBound(text: string, nowMs: number): number | null {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text.trim()) ?? [];
  if (count === undefined) return parseMoment(text, nowMs)?.fromMs ?? null;
  const unitMs = Object.entries(unitsMs).find(([name]) => name === unit)?.[1] ?? 0;
  return nowMs - Number(count) * unitMs;
}

function startOfDay(date: string | undefined, nowMs: number): Date {
  const day = date === undefined ? new Date(nowMs) : new Date(`${date}T00:00:00`);
  day.setHours(0, 0, 0, 0);
  return day;
}

function moment(fromMs: number, untilMs: number): Moment | null {
  return Number.isNaN(fromMs) ? null : { fromMs, untilMs };
}
