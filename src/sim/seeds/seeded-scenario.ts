import { brokenDoors, type Fault } from '../faults/fault.ts';
import type { ScriptInput } from '../model/script/script.ts';
import { seededRandom } from '../seeded-random.ts';
import type { ToolPlan } from '../world/tool-desk.ts';
import type { WorldScenarioInput } from '../scenario/world-scenario.ts';
import { Draw } from './draw.ts';
import { seededCaller } from './people/seeded-caller.ts';
import { seededOverlaps } from './people/seeded-overlaps.ts';
import { seededDestinations } from './people/seeded-destinations.ts';
import { seededExcess } from './model/seeded-excess.ts';
import { seededFaults } from './seeded-faults.ts';
import { seededContext, seededHost, seededLateFrames } from './seeded-host.ts';
import { seededModel } from './model/seeded-model.ts';
import { seededRequests } from './seeded-requests.ts';
import { seededWrites } from './model/seeded-writes.ts';
import { seededTrouble } from './model/seeded-trouble.ts';
import { seededTurnTaking } from './model/seeded-turn-taking.ts';

type ModelSettings = NonNullable<NonNullable<WorldScenarioInput['settings']>['model']>;

/** Draws one whole call from a seed: caller, model, tools, transfers, settings, latencies and faults. The same seed, the same call. */
export function seededScenario(seed: number): WorldScenarioInput {
  const draw = new Draw(seededRandom(seed));
  const scenario = withoutVoicemail(draw, seed);
  // Drawn last, so that everything else of a seed stays as it is.
  const voicemail = draw.chance(30) ? { secondsMax: draw.int(5, 10) } : null;
  const { fallback, ...settings } = scenario.settings;
  const model = { ...scenario.model, ...seededTrouble(draw) };
  const host = seededHost(draw, scenario.model);
  const excess = seededExcess(draw, scenario.model);
  const context = seededContext(new Draw(seededRandom(seed ^ 0xca11)));
  const { destinations, dialOutcomes, faults: ofCallees } = seededDestinations(seed);
  const faults = [
    ...scenario.faults,
    ...host.faults,
    ...seededBreak(seed),
    ...seededOddity(seed),
    ...seededLateness(seed),
    ...context.faults,
    ...seededLateFrames(new Draw(seededRandom(seed ^ 0x1a7e))),
    ...ofCallees,
  ];
  const { callMsMax, caller, ...drawn } = seededWrites(new Draw(seededRandom(seed ^ 0x0b00)), {
    model: { ...model, ...host.model, ...excess, ...seededTurnTaking(new Draw(seededRandom(seed ^ 0x7a1c))) },
    caller: scenario.caller,
    tools: scenario.tools,
    faults,
    callMsMax: settings.callMsMax,
  });
  return {
    ...scenario,
    ...context.scenario,
    ...drawn,
    caller: seededOverlaps(new Draw(seededRandom(seed ^ 0x0b5e)), caller),
    model: { ...drawn.model, ...seededMarks(new Draw(seededRandom(seed ^ 0x70e6))) },
    dialOutcomes: { ...scenario.dialOutcomes, ...dialOutcomes },
    // From numbers of their own, so that all other calls stay as they are.
    requests: seededRequests(new Draw(seededRandom(seed ^ 0x0adb))),
    settings: {
      ...settings,
      ...context.greeting,
      callMsMax,
      fallback: { ...fallback, voicemail },
      model: withTurnDetection(host.behavior, new Draw(seededRandom(seed ^ 0x70e5))),
      ...(destinations !== null && { destinations }),
    },
    number: host.number,
  };
}

/** For some calls Parley tells the models when the caller speaks, for a few the first or the fallback alone. */
function withTurnDetection({ first, fallback }: ModelSettings, draw: Draw): ModelSettings {
  const marks = { turnDetection: 'manual' } as const;
  const isManual = draw.chance(20);
  const isMixed = draw.chance(20);
  const isOfFirst = !isMixed || draw.chance(50);
  return {
    first: isManual && isOfFirst ? { ...first, ...marks } : first,
    ...(fallback != null && { fallback: isManual && (!isMixed || !isOfFirst) ? { ...fallback, ...marks } : fallback }),
  };
}

/** What a model makes of marked turns, of which not everything is known (GM-VAD-7). */
function seededMarks(
  draw: Draw,
): Pick<ScriptInput, 'activityStart' | 'activityBehindGeneration' | 'audioOutsideActivity'> {
  return {
    activityStart: draw.oneOf([null, 'interrupts', 'isIgnored']),
    activityBehindGeneration: draw.oneOf(['interrupts', 'tellsLate', 'swallows']),
    audioOutsideActivity: draw.oneOf(['dropped', 'refused']),
  };
}

/** A few calls break by a fault of the service itself. Drawn from numbers of its own, so that all other calls stay as they are. */
function seededBreak(seed: number): Fault[] {
  const draw = new Draw(seededRandom(~seed));
  // Some doors are passed only as a call begins.
  const atMs = draw.chance(40) ? 0 : draw.int(0, 8000);
  return draw.maybe(8, () => ({ fault: 'callBroken', atMs, door: draw.oneOf(brokenDoors) }));
}

/** A few media sockets are as no call has been seen to have them. Drawn from numbers of their own as well. */
function seededOddity(seed: number): Fault[] {
  const draw = new Draw(seededRandom(seed ^ 0x0dd));
  return draw.maybe(12, () => ({
    fault: 'mediaOdd',
    version: draw.oneOf(['1.0.0', '0.2.0']),
    unknownEvent: draw.chance(30),
    payloadBytes: [160],
    formatAsText: draw.chance(50),
    answersPings: draw.chance(30),
  }));
}

/** Some processes are late for a while: before the call, so that it may be refused, or when they have it. Drawn from numbers of its own. */
function seededLateness(seed: number): Fault[] {
  const draw = new Draw(seededRandom(seed ^ 0x1a7e));
  const atMs = draw.chance(50) ? 0 : draw.int(0, 8000);
  return draw.maybe(8, () => ({ fault: 'processLate', atMs, forMs: draw.int(200, 6000), byMs: draw.int(30, 300) }));
}

function withoutVoicemail(draw: Draw, seed: number) {
  return {
    why: `The call of seed ${seed}.`,
    caller: seededCaller(draw),
    model: seededModel(draw),
    tools: Array.from({ length: draw.int(0, 3) }, () => tool(draw)),
    dialOutcomes: { '+15550100': dial(draw), '+15550101': dial(draw), '+15550102': dial(draw) },
    faults: seededFaults(draw),
    settings: {
      fallback: { number: draw.chance(50) ? '+15550102' : null },
      // Short calls find as much as long ones, because faults come early.
      callMsMax: draw.int(3, 12) * 1000,
    },
    seed,
  };
}

function tool(draw: Draw): ToolPlan {
  const afterMs = draw.chance(80) ? draw.int(0, 1500) : draw.int(1500, 10_000);
  return { afterMs, outcome: draw.oneOf(['asUsual', 'asUsual', 'asUsual', 'failed', 'never']) };
}

function dial(draw: Draw): NonNullable<WorldScenarioInput['dialOutcomes']>[string] {
  switch (draw.int(1, 6)) {
    case 1:
      return { type: 'busy', afterMs: draw.int(0, 2000) };
    case 2:
      return { type: 'failed', afterMs: draw.int(0, 2000) };
    case 3:
      return { type: 'no-answer', afterMs: draw.int(1000, 8000) };
    default:
      return { type: 'answered', ringMs: draw.int(0, 2500), talkMs: draw.int(0, 2500) };
  }
}
