/// <reference lib="esnext.temporal" />
import type { EpochDay } from '../../../src/agents/hours/wall-clock.ts';

// The engine's own calendar, against which the arithmetic of the product is held. Node 24 has none.

/** Whether this Node knows `Temporal`. */
export const hasTemporal = 'Temporal' in globalThis;

/** What the wall shows at a moment, by the engine. */
export function engineWallTime(unixMs: number, timeZone: string): { day: EpochDay; minute: number } {
  const zoned = Temporal.Instant.fromEpochMilliseconds(unixMs).toZonedDateTimeISO(timeZone);
  const epoch = Temporal.PlainDate.from('1970-01-01');
  return { day: epoch.until(zoned.toPlainDate()).days, minute: zoned.hour * 60 + zoned.minute };
}

/** The moment at which the wall shows this, by the engine. */
export function engineMoment(day: EpochDay, minute: number, timeZone: string): number {
  return Temporal.PlainDateTime.from('1970-01-01')
    .add({ days: day, minutes: minute })
    .toZonedDateTime(timeZone, { disambiguation: 'compatible' }).epochMilliseconds;
}
