import type { PlannedRequest } from '../scenario/timetable.ts';
import type { Draw } from './draw.ts';

/** Draws what an operator orders of a call, and what pictures the caller shows; with most calls that is nothing. */
export function seededRequests(draw: Draw): PlannedRequest[] {
  if (!draw.chance(20)) return [];
  const orders = Array.from({ length: draw.int(0, 3) }, () => order(draw));
  return draw.chance(60) ? orders : [...orders, ...pictures(draw)];
}

function order(draw: Draw): PlannedRequest {
  const atMs = draw.int(0, 9_000);
  switch (draw.int(1, 7)) {
    case 1:
      return { atMs, type: 'operator.hungUp' };
    case 2:
      return { atMs, type: 'operator.transferred', destination: draw.oneOf(['support', 'sales', 'nobody']) };
    case 3:
    case 4:
      return { atMs, type: 'operator.noted', text: text(draw, 2_001) };
    default:
      return { atMs, type: 'operator.said', text: text(draw, 501) };
  }
}

/** Mostly a sentence, now and then one that is too long or none. */
function text(draw: Draw, tooLongChars: number): string {
  if (draw.chance(85)) return `The parcel comes at ${draw.int(1, 12)} o'clock.`;
  return draw.chance(50) ? ' ' : 'a'.repeat(tooLongChars);
}

/** As a camera shows them, with a clock that is not exact. */
function pictures(draw: Draw): PlannedRequest[] {
  const fromMs = draw.int(0, 6_000);
  const periodMs = draw.oneOf([400, 1_000, 1_000, 1_500]);
  return Array.from({ length: draw.int(1, 6) }, (_, index) => ({
    atMs: fromMs + index * periodMs + draw.int(0, 150),
    type: 'caller.pictured',
    bytes: draw.chance(90) ? draw.int(500, 2_000) : 200_001,
  }));
}
