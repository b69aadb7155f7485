import { setTimeout as delay } from 'node:timers/promises';
import { seededRandom } from '../../src/sim/seeded-random.ts';
import { Draw } from '../../src/sim/seeds/draw.ts';
import { Lateness } from '../siege/lateness.ts';
import type { CallerEndNews, CallerEndOrder, ModelEndNews, ModelEndOrder } from './ends/chaos-orders.ts';
import { EndProcess } from './ends/end-process.ts';
import { type ChaosRound, chaosRounds } from './faults.ts';
import { ChaosFleet, fleetSize } from './ground/chaos-fleet.ts';
import type { OwnPostgres } from './ground/own-postgres.ts';
import { ScratchFolder } from './ground/scratch-folder.ts';
import { twilioCertificate } from './ground/twilio-certificate.ts';
import type { SeenCall, RoundFacts, StrikeFacts } from './judge/round-facts.ts';
import { clocksAhead, plannedStrikes } from './schedule.ts';
import { strike } from './strike.ts';

const ends = new URL('ends/', import.meta.url);

/** How long it may take until most of the calls talk. */
const fullMsMax = 15_000;
const fullShare = 0.6;
const lookMs = 100;

/** How long the journal may take to have the ends of all calls: entries wait while a database is away, and a process starts again. */
const endedMsMax = 30_000;

/** What a round is played with. */
export interface RoundOptions {
  readonly postgres: OwnPostgres;
  /** How long faults come: one in any case. */
  readonly lastsMs: number;
  /** How many calls are kept going. */
  readonly calls: number;
  readonly seed: number;
  /** Told of each fault when it is over. */
  readonly onStrike?: (strike: StrikeFacts) => void;
}

let databases = 0;

/** Plays a round with a fleet and a database of its own, and returns what was seen of it. All its processes have ended by then. */
export async function playRound(round: ChaosRound, options: RoundOptions): Promise<RoundFacts> {
  const folder = new ScratchFolder('parley-chaos');
  const callers = new EndProcess<CallerEndOrder, CallerEndNews>(new URL('callers.ts', ends));
  const model = new EndProcess<ModelEndOrder, ModelEndNews>(new URL('model.ts', ends));
  try {
    return await playWith(round, options, folder.path, callers, model);
  } finally {
    callers.close();
    model.close();
    folder.remove();
  }
}

async function playWith(
  round: ChaosRound,
  options: RoundOptions,
  folder: string,
  callers: EndProcess<CallerEndOrder, CallerEndNews>,
  model: EndProcess<ModelEndOrder, ModelEndNews>,
): Promise<RoundFacts> {
  const { postgres, calls, seed } = options;
  const certificate = twilioCertificate(folder);
  const { proxyUrl } = await callers.ask({ order: 'open', ...certificate }, 'listening');
  const { modelUrl } = await model.ask({ order: 'open' }, 'listening');
  databases += 1;
  const name = `chaos_${databases}`;
  const callsMax = Math.max(1, Math.round(calls * round.limitShare));
  const fleet = await ChaosFleet.open({
    folder,
    database: await postgres.database(name),
    modelUrl,
    twilioProxyUrl: proxyUrl,
    twilioCertFile: certificate.certFile,
    callsMax,
    clocksAheadMs: clocksAhead(round, fleetSize),
  });
  try {
    await callers.ask({ order: 'begin', target: fleet.url, calls, seed: seedOf(round, ~seed) }, 'begun');
    await talking(callers, fullShare * Math.min(calls, callsMax));
    const lateness = new Lateness();
    const strikes = await strikeFleet(round, options, fleet);
    const called = await callers.ask({ order: 'end' }, 'called');
    const led = await model.ask({ order: 'report' }, 'led');
    return {
      calls: called.calls,
      sessions: led.sessions.toSorted((a, b) => a.openedMs - b.openedMs),
      strikes,
      taken: fleet.members.flatMap(({ taken }) => taken).toSorted((a, b) => a.atMs - b.atMs),
      effects: fleet.effects,
      journal: await endsInJournal(postgres, name, called.calls),
      callsMax,
      late: [lateness.figures, called.late, led.late],
    };
  } finally {
    await fleet.close();
  }
}

/** Has faults come until the time is over, and returns them when the fleet is whole again. */
async function strikeFleet(
  round: ChaosRound,
  { postgres, lastsMs, seed, onStrike }: RoundOptions,
  fleet: ChaosFleet,
): Promise<StrikeFacts[]> {
  const untilMs = performance.now() + lastsMs * round.spans;
  const strikes: StrikeFacts[] = [];
  for (const planned of plannedStrikes(round, fleetSize, new Draw(seededRandom(seedOf(round, seed))))) {
    await delay(planned.pauseMs);
    // What the last fault has left behind is over by then.
    if (strikes.length > 0 && performance.now() > untilMs) break;
    const facts = await strike(planned, { members: fleet.members, postgres });
    strikes.push(facts);
    onStrike?.(facts);
  }
  await fleet.isWhole();
  return strikes;
}

/** Each round has draws of its own, whichever others are played. */
function seedOf(round: ChaosRound, seed: number): number {
  return seed ^ (chaosRounds.indexOf(round) << 20);
}

async function talking(callers: EndProcess<CallerEndOrder, CallerEndNews>, calls: number): Promise<void> {
  const untilMs = performance.now() + fullMsMax;
  while ((await callers.ask({ order: 'count' }, 'talking')).count < calls && performance.now() < untilMs)
    await delay(lookMs);
}

/** The ends that the journal has of all calls, as soon as it has those of all that were answered, or when that takes too long. */
async function endsInJournal(
  postgres: OwnPostgres,
  database: string,
  calls: readonly SeenCall[],
): Promise<ReadonlyMap<string, string | null>> {
  const untilMs = performance.now() + endedMsMax;
  for (;;) {
    const rows = await postgres.query(database, 'select call_sid, ended_reason from calls');
    const reasons = new Map(
      rows.map(({ call_sid: callSid, ended_reason: reason }) => [
        String(callSid),
        typeof reason === 'string' ? reason : null,
      ]),
    );
    const isAllEnded = calls.every(
      ({ callSid, answeredMs }) => answeredMs === null || typeof reasons.get(callSid) === 'string',
    );
    if (isAllEnded || performance.now() > untilMs) return reasons;
    await delay(lookMs);
  }
}
