const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

const months = 'January February March April May June July August September October November December'.split(' ');

/**
 * A date, a time or both as one says them: "2026-03-04 14:30:00" becomes "Wednesday, 4 March 2026, 14:30". An offset is dropped, since it
 * is that of the zone in which the moment is told. Any other text stays as it is.
 */
export function spokenMoment(text: string): string {
  const [whole, date, time] =
    /^(\d{4}-\d\d-\d\d)?(?:[ T]?(\d\d:\d\d(?::\d\d)?)(?:\.\d+)?(?:Z|[+-]\d\d(?::?\d\d)*)?)?$/.exec(text) ?? [];
  const day = date === undefined ? '' : spokenDate(date);
  if (whole === undefined || day === null) return text;
  // Nobody says seconds that are none.
  const minute = time?.replace(/^(.{5}):00$/, '$1') ?? '';
  return [day, minute].filter((part) => part !== '').join(', ');
}

/** Null for a day that no calendar has. */
function spokenDate(date: string): string | null {
  const day = new Date(date);
  const [weekday, month] = [weekdays[day.getUTCDay()], months[day.getUTCMonth()]];
  if (weekday === undefined || month === undefined) return null;
  return `${weekday}, ${day.getUTCDate()} ${month} ${day.getUTCFullYear()}`;
}

/** What can be said of bytes. */
export function spokenBytes(count: number): string {
  return count === 1 ? '1 byte of data' : `${count} bytes of data`;
}

/** A yes or no. */
export function spokenTruth(isTrue: boolean): string {
  return isTrue ? 'yes' : 'no';
}
