import type { OpenSpan } from './schedule.ts';

/** A part of a text that was read, or what is wrong with it: the rest of a sentence that begins with where it stands. */
export type Read<Value> = { readonly value: Value } | { readonly problem: string };

const dayMinutes = 24 * 60;

/**
 * A business that closes after midnight has opened in the afternoon or evening. More than so many hours are the slip of somebody who
 * writes `9-5` for nine to five.
 */
const nightMinutesMax = 16 * 60;

/** More parts of a day than anybody has. */
const spansMax = 6;

const time = String.raw`\d{1,2}(?:[:.h]\d{2})?\s*(?:[ap]\.?m\.?)?`;
const span = String.raw`${time}\s*(?:-|–|—|to|until)\s*${time}`;

/** Times at the beginning of a text: `9:00-12:00, 13-17`, `9am-5pm`, `closed`, `24h`. The text is in small letters. */
export const spansPattern = new RegExp(
  String.raw`^(?:closed|24\s*h(?:ours)?|${span}(?:\s*(?:,|and|&|\+)\s*${span})*)(?![\w:.])`,
);

/** Reads what `spansPattern` fits. */
export function readSpans(text: string): Read<readonly OpenSpan[]> {
  if (text === 'closed') return { value: [] };
  if (text.startsWith('24')) return { value: [{ fromMinute: 0, toMinute: dayMinutes }] };
  const spans: OpenSpan[] = [];
  for (const written of text.match(new RegExp(span, 'g')) ?? []) {
    const read = readSpan(written);
    if ('problem' in read) return read;
    spans.push(read.value);
  }
  if (spans.length > spansMax) return { problem: `has more than ${spansMax} times for one day` };
  spans.sort((one, other) => one.fromMinute - other.fromMinute);
  const overlaps = spans.some(({ fromMinute }, index) => fromMinute < (spans[index - 1]?.toMinute ?? 0));
  return overlaps ? { problem: `has times that overlap ("${text}")` } : { value: spans };
}

function readSpan(written: string): Read<OpenSpan> {
  const [from = '', to = ''] = written.split(/-|–|—|to|until/);
  const fromMinute = minuteOf(from);
  const toMinute = minuteOf(to);
  if (fromMinute === null || toMinute === null || fromMinute === dayMinutes) {
    return { problem: `has "${written}", which is no time of day` };
  }
  if (fromMinute === toMinute) {
    return { problem: `has "${written}", which begins when it ends; for a whole day write 0-24` };
  }
  const endMinute = toMinute > fromMinute ? toMinute : toMinute + dayMinutes;
  if (toMinute < fromMinute && endMinute - fromMinute > nightMinutesMax) {
    const hours = Math.round((endMinute - fromMinute) / 60);
    return { problem: `has "${written}", which would last ${hours} hours; write 9-17 or 9am-5pm` };
  }
  return { value: { fromMinute, toMinute: endMinute } };
}

/** `9`, `9:30`, `9.30`, `9h30`, `9am`, `24:00`; null when no clock shows that. */
function minuteOf(text: string): number | null {
  const [, hourText, minuteText = '0', half] = /^\s*(\d{1,2})(?:[:.h](\d{2}))?\s*([ap])?/.exec(text) ?? [];
  const hour = Number(hourText);
  const minute = Number(minuteText);
  if (minute > 59 || (half !== undefined && (hour < 1 || hour > 12))) return null;
  const hourOfDay = half === undefined ? hour : (hour % 12) + (half === 'p' ? 12 : 0);
  const minutes = hourOfDay * 60 + minute;
  return minutes <= dayMinutes ? minutes : null;
}
