import { LiveCalls } from '../console/live/live-calls.ts';
import { LivePart } from '../console/live/live-part.ts';
import { Problems } from '../console/live/problems.ts';
import type { PhoneService } from '../host/phone-service.ts';
import type { Journal } from '../store/journal.ts';
import { systemClock } from '../system/clock.ts';
import type { Logger } from '../system/logger.ts';

/** Begins to keep pictures of the calls of a service, which is asked for once calls come. */
export function keepLiveCalls(service: () => PhoneService): LiveCalls {
  return new LiveCalls({
    sourceOf: (callSid) => service().registry.sourceOf(callSid),
    refused: () => refusedBy(service()),
    unixMs: () => systemClock.unixMs(),
  });
}

/** Finds what needs attention in a service. */
export function serviceProblems(
  { registry, alarm, refusals }: PhoneService,
  journal: Journal,
  agentProblems: () => readonly string[],
): Problems {
  const health = () => ({
    modelRefusals: alarm.refusals,
    refusals: refusals.totals,
    turnedAway: registry.turnedAway,
    journal: journal.state,
    agentProblems: agentProblems(),
  });
  return new Problems(health, () => systemClock.unixMs());
}

/** The pages that show them. */
export function livePart(calls: LiveCalls, service: PhoneService, problems: Problems, log: Logger): LivePart {
  const { registry } = service;
  return new LivePart({
    calls,
    summary: () => ({
      load: {
        calls: registry.liveCount,
        callsMax: registry.callsMax,
        modelSessions: calls.modelSessions,
        isDraining: registry.isDraining,
      },
      day: calls.day,
      problems: problems.now,
    }),
    order: (callSid, order) => service.order(callSid, order),
    clock: systemClock,
    log,
  });
}

/** What was turned away since the start, by the reason. */
function refusedBy({ refusals, registry }: PhoneService): ReadonlyMap<string, number> {
  const counts = new Map<string, number>(Object.entries(registry.turnedAway));
  for (const { refusal, fault, count } of refusals.totals) {
    const why = fault ?? refusal;
    counts.set(why, (counts.get(why) ?? 0) + count);
  }
  return counts;
}
