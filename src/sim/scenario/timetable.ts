import { z } from 'zod';
import type { CallRequest } from '../../call/events.ts';
import type { Fault } from '../faults/fault.ts';
import type { Delivery } from '../world/delivery.ts';

/** A minute: simulated calls are shorter. */
const ms = z.int().min(0).max(60_000);

/** What an operator orders of the call, or the caller shows, and when; by the names that it has as an event of the call. */
export const requestSchema = z.discriminatedUnion('type', [
  z.strictObject({ atMs: ms, type: z.literal('operator.hungUp') }),
  z.strictObject({ atMs: ms, type: z.literal('operator.transferred'), destination: z.string() }),
  z.strictObject({ atMs: ms, type: z.literal('operator.noted'), text: z.string() }),
  z.strictObject({ atMs: ms, type: z.literal('operator.said'), text: z.string() }),
  z.strictObject({ atMs: ms, type: z.literal('caller.pictured'), bytes: z.int().min(3).max(300_000) }),
]);

/** A request and its time, in ms since the call was placed. */
export type PlannedRequest = CallRequest & { readonly atMs: number };

/** These change whatever comes by for a while. */
const lastingFaults: ReadonlySet<Fault['fault']> = new Set(['stall', 'bursts', 'serviceBusy']);

/** What happens at times of its own: faults, and what is asked of the call. */
export function timetable(faults: readonly Fault[], requests: readonly PlannedRequest[]): Delivery[] {
  return [
    ...faults.flatMap((fault): Delivery[] =>
      'atMs' in fault && fault.atMs !== undefined && !lastingFaults.has(fault.fault)
        ? [{ atMs: fault.atMs, to: 'world', fault }]
        : [],
    ),
    ...requests.map((planned): Delivery => {
      const { atMs, ...request } = planned;
      return { atMs, to: 'service', event: { type: 'request.made', request } };
    }),
  ];
}
