import { expect, test } from 'vitest';
import type { Fault } from '../../../src/sim/faults/fault.ts';
import { seededDialogue } from '../../../src/sim/seeds/seeded-dialogue.ts';
import { type FleetCall, playAmong, wentOn } from './fleet-dialogue.ts';

/** Instances with room, from which the others are told apart by their letter; the proxy leads new calls to `a`. */
const only =
  (...roomy: readonly string[]) =>
  (instance: string): boolean =>
    roomy.includes(instance);

/** What happens beside the dialogue of a seed, in which a server is asked about the caller. */
function askedAbout(seed: number, faults: readonly Fault[]) {
  const { scenario } = seededDialogue(seed, false);
  return { ...scenario, context: { customer: 'Ann' }, faults: [...(scenario.faults ?? []), ...faults] };
}

/** The processes at which Twilio asked about the new call, in order, each as often as it was asked. */
function askedAt({ played }: FleetCall): readonly string[] {
  return played.timeline.notes.flatMap((note) => {
    if (note.kind !== 'webhook.sent' || !note.url.includes('/twilio/voice')) return [];
    return [/\/i\/([a-c])\//.exec(note.url)?.[1] ?? 'anybody'];
  });
}

function hosts({ played }: FleetCall): number {
  return played.timeline.entries.filter(({ kind, about }) => kind === 'step' && about === 'call.received').length;
}

/** Proves for calls of these seeds that one which comes to a full process is sent on. */
export function sentOnCalls(seeds: readonly number[]): void {
  test.for(seeds)('is one call at another, which greets once (seed %i)', (seed) => {
    const call = playAmong(seed, askedAbout(seed, []), only('b'));
    expect(call.played.call.broken).toEqual([]);
    expect(askedAt(call)).toEqual(['anybody', 'b']);
    expect(wentOn(call)).toBe(true);
    expect(call.prompts.filter((prompt) => prompt === 'greeting')).toHaveLength(1);
    // The status callback names nobody, and whoever gets it records the end.
    const takenInCall = call.takenAtMs.filter((atMs) => atMs < call.played.call.callMs);
    expect([takenInCall, call.played.streams.length]).toEqual([[], 1]);
  });

  test.for(seeds)('finds a third process where the second has filled meanwhile (seed %i)', (seed) => {
    const call = playAmong(
      seed,
      askedAbout(seed, []),
      (instance, atMs) => instance === 'c' || (instance === 'b' && atMs === 0),
    );
    expect(call.played.call.broken).toEqual([]);
    expect(askedAt(call).at(-1)).toBe('c');
    expect(askedAt(call).length).toBeLessThanOrEqual(3);
    expect(wentOn(call)).toBe(true);
    expect(call.prompts.filter((prompt) => prompt === 'greeting')).toHaveLength(1);
  });

  test.for(seeds)('goes on where the process that is to take it dies meanwhile (seed %i)', (seed) => {
    const killed: Fault = { fault: 'serviceKilled', atMs: 700, downMs: 20_000, meanwhile: 'refused' };
    const call = playAmong(seed, askedAbout(seed, [{ fault: 'contextSlow', byMs: 1_200 }, killed]), only('b', 'c'));
    expect(call.played.call.broken).toEqual([]);
    expect(askedAt(call).length).toBeGreaterThan(2);
    expect(wentOn(call)).toBe(true);
    expect(call.prompts.filter((prompt) => prompt === 'greeting')).toHaveLength(1);
  });

  test.for(seeds)('is refused after three others that seemed to have room (seed %i)', (seed) => {
    const late: Fault = { fault: 'processLate', atMs: 0, forMs: 30_000, byMs: 500 };
    const call = playAmong(seed, askedAbout(seed, [late]));
    expect(call.played.call.broken).toEqual([]);
    expect(askedAt(call)).toHaveLength(4);
    expect([call.prompts, hosts(call)]).toEqual([[], 0]);
  });
}
