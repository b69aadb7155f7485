import {
  answerMsMax,
  awayMsMin,
  graceMs,
  type ProcessLease,
  type LeaseAnswer,
  type LeaseAsk,
  leaseMs,
  type Taker,
} from './lease.ts';

// Theory of operation. The limit of the fleet is cut into slots, and each process takes calls up to those that it holds, without asking
// anybody. When it renews its lease, it gets what nobody else holds, up to a fair part of what is unused. The slots of all leases together
// are never more than the limit, because a process gives back only what it has stopped to use before it asked. Calls that a process takes
// over may be more than its slots: others leave room for them. Whoever asks is alone at the store: the answer and what is written are one
// step.

/** What comes of a question. */
export interface LeaseDecision {
  readonly answer: LeaseAnswer;
  /** Leases that are written. */
  readonly changed: readonly ProcessLease[];
  /** Processes whose leases are deleted. */
  readonly gone: readonly string[];
}

/** What is left of a process that has fallen. */
export interface Remains {
  /** Whether a call of it has no end yet. */
  readonly hasCalls: boolean;
  readonly talking: readonly string[];
}

/** Other processes whose leases have run out. */
export function fallenFor(kept: readonly ProcessLease[], ask: LeaseAsk, nowMs: number): readonly ProcessLease[] {
  return leasesAt(kept, ask, nowMs).filter((lease) => lease.holder !== ask.holder && lease.untilMs <= nowMs);
}

/** Answers a question. `kept`: all leases that there are; `remainsOf`: of each process of `fallenFor`. */
export function grantLease(
  kept: readonly ProcessLease[],
  ask: LeaseAsk,
  nowMs: number,
  remainsOf: (holder: string) => Remains,
): LeaseDecision {
  const leases = leasesAt(kept, ask, nowMs);
  const own = leases.find(({ holder }) => holder === ask.holder);
  if (own !== undefined && ask.asked <= own.asked) return nothingBut({ kind: 'late' });
  const namesake = kept.find((lease) => isNamesake(lease, ask) && nowMs < lease.untilMs);
  if (namesake !== undefined)
    return nothingBut({ kind: 'taken', by: namesake.holder, renewedAtMs: namesake.renewedAtMs });
  const living = leases.filter(({ holder, untilMs }) => holder !== ask.holder && nowMs < untilMs);
  const dead = fallenFor(kept, ask, nowMs).map((lease) => emptied(lease, remainsOf(lease.holder), nowMs));
  const gone = dead.filter(({ emptiedAtMs }) => isSettled(emptiedAtMs, living, nowMs));
  const fallen = dead.filter((lease) => !gone.includes(lease));
  const wasLost = ask.isRenewal && (own === undefined || own.untilMs <= nowMs);
  // Others may have fetched its calls, and what they fetched is not counted yet.
  const lostAtMs = own === undefined ? null : (own.emptiedAtMs ?? (own.untilMs <= nowMs ? nowMs : null));
  const isBarred = lostAtMs !== null && !isSettled(lostAtMs, living, nowMs);
  const fallenSlots = sum(fallen, 'slots');
  const share = shareOf(ask, lostAtMs !== null || wasLost, living, fallenSlots);
  const { holder, instance, calls, takesCalls, isLate, asked, pages } = ask;
  const renewed: ProcessLease = {
    holder,
    instance,
    calls,
    takesCalls,
    isLate,
    asked,
    pages,
    renewedAtMs: nowMs,
    untilMs: nowMs + leaseMs,
    ...(isBarred ? { slots: own?.slots ?? 0, emptiedAtMs: lostAtMs } : { slots: share.slots, emptiedAtMs: null }),
  };
  const peers = [renewed, ...living].filter((lease) => lease.takesCalls);
  const fair = fairPart(unusedIn(ask, living, fallenSlots), peers.length);
  return {
    answer: {
      kind: 'held',
      slots: isBarred ? 0 : share.slots,
      goal: share.goal,
      wasLost,
      callsOver: Math.max(0, sum(living, 'calls') + calls - ask.callsMax),
      fallen: fallen.map((lease) => ({ ...lease, talking: remainsOf(lease.holder).talking })),
      peers: peers.map((lease) => lease.holder).toSorted(),
      takers: living.flatMap((lease) => takerOf(lease, fair)),
      living: [renewed, ...living].map(({ holder: one, instance: name, pages: at }) => ({
        holder: one,
        instance: name,
        pages: at,
      })),
    },
    changed: [renewed, ...[...living, ...fallen].filter((lease) => !kept.includes(lease))],
    gone: gone.map((lease) => lease.holder),
  };
}

/**
 * The leases as they count at this moment: time in which the store was away is not held against anybody. But a process whose name another
 * one has by now is gone.
 */
function leasesAt(kept: readonly ProcessLease[], ask: LeaseAsk, nowMs: number): readonly ProcessLease[] {
  const lastMs = kept.reduce((latest, { renewedAtMs }) => Math.max(latest, renewedAtMs), 0);
  const awayMs = nowMs - lastMs;
  if (kept.length === 0 || awayMs <= awayMsMin) return kept;
  return kept.map((lease) =>
    lease.untilMs > lastMs && !isNamesake(lease, ask) ? { ...lease, untilMs: lease.untilMs + awayMs } : lease,
  );
}

function isNamesake({ holder, instance }: ProcessLease, ask: LeaseAsk): boolean {
  return holder !== ask.holder && instance !== null && instance === ask.instance;
}

/** Notes of a process that has fallen that nobody has anything to fetch from it any more. */
function emptied(lease: ProcessLease, { hasCalls }: Remains, nowMs: number): ProcessLease {
  const isEmpty = !hasCalls || lease.untilMs + graceMs <= nowMs;
  return isEmpty && lease.emptiedAtMs === null ? { ...lease, emptiedAtMs: nowMs } : lease;
}

/** Whether all processes have said how many calls they have since a process was emptied: what they fetched is theirs, and was counted. */
function isSettled(emptiedAtMs: number | null, living: readonly ProcessLease[], nowMs: number): boolean {
  if (emptiedAtMs === null) return false;
  const sinceMs = emptiedAtMs + answerMsMax;
  return nowMs >= sinceMs && living.every(({ renewedAtMs }) => renewedAtMs >= sinceMs);
}

/**
 * How many slots there are for whoever asks, and how many would be fair: its calls, and an equal part of what nobody uses, as far as it takes
 * so many. Where nobody takes calls, whoever is about to end goes on answering.
 */
function shareOf(
  ask: LeaseAsk,
  wasLost: boolean,
  living: readonly ProcessLease[],
  fallenSlots: number,
): { readonly slots: number; readonly goal: number } {
  const held = fallenSlots + living.reduce((total, { slots, calls }) => total + Math.max(slots, calls), 0);
  const unused = unusedIn(ask, living, fallenSlots);
  const others = living.filter(({ takesCalls }) => takesCalls).length;
  const sharers = others + 1;
  const isShared = ask.takesCalls || others === 0;
  const part = unused < 0 || isShared ? fairPart(unused, sharers) : 0;
  const goal = Math.max(0, Math.min(ask.calls + part, Math.max(ask.calls, ask.ownCallsMax)));
  // What a process had whose lease ran out may be others' by now. Its calls go on all the same.
  return { slots: Math.max(wasLost ? 0 : ask.slots, Math.min(goal, ask.callsMax - held)), goal };
}

/** For how many more calls there is room. */
function unusedIn(ask: LeaseAsk, living: readonly ProcessLease[], fallenSlots: number): number {
  return ask.callsMax - fallenSlots - sum(living, 'calls') - ask.calls;
}

/** Where there are too many calls, it is less than nothing: each process takes none until it has fewer. */
function fairPart(unused: number, sharers: number): number {
  return unused < 0 ? Math.floor(unused / sharers) : Math.ceil(unused / sharers);
}

/** A process uses no slots beyond its fair part, and none as long as it is not known whether others have its calls. */
function takerOf(
  { instance, slots, calls, takesCalls, isLate, emptiedAtMs }: ProcessLease,
  fair: number,
): readonly Taker[] {
  const room = Math.min(slots - calls, fair);
  return instance !== null && takesCalls && !isLate && emptiedAtMs === null && room > 0 ? [{ instance, room }] : [];
}

function nothingBut(answer: LeaseAnswer): LeaseDecision {
  return { answer, changed: [], gone: [] };
}

function sum<Name extends string>(many: readonly Readonly<Record<Name, number>>[], name: Name): number {
  return many.reduce((total, one) => total + one[name], 0);
}
