import type { Fault } from '../faults/fault.ts';
import type { ScriptInput } from '../model/script/script.ts';
import type { WorldScenarioInput } from '../scenario/world-scenario.ts';
import type { Draw } from './draw.ts';

type Settings = NonNullable<WorldScenarioInput['settings']>;

/** What is drawn of the service itself, of the process that it is and of the models that it may use. */
interface SeededHost {
  readonly behavior: NonNullable<Settings['model']>;
  readonly model: Pick<ScriptInput, 'missingModels'>;
  readonly faults: readonly Fault[];
  readonly number: NonNullable<WorldScenarioInput['number']>;
}

/** A model whose tool calls have no ids (GM-TOOL-6). */
const nameless = { callerAudio: 'mayPause' } as const;

/** A model that greets by itself and completes several turns before it is idle. */
const thinking = { greeting: 'byItself', turnEnd: 'interactionIdle' } as const;

const usual = {};

const usualModel = 'models/gemini-3.8-live';

/** Draws what befalls the process, its records and its ways to the model; with most calls that is nothing. */
export function seededHost(draw: Draw, { timed = [] }: Pick<ScriptInput, 'timed'>): SeededHost {
  // A tool call without an id that the script makes up is nonsense to other models, and to this one a call of which it knows nothing.
  const inventsCalls = timed.some(({ step }) => JSON.stringify(step).includes('functionCalls'));
  const isNameless = draw.chance(12) && !inventsCalls;
  const first = isNameless ? nameless : draw.chance(10) ? thinking : usual;
  const hasFallback = draw.chance(25);
  const isMissing = hasFallback && first === usual && draw.chance(30);
  return {
    behavior: { first, ...(hasFallback && { fallback: draw.chance(50) ? thinking : usual }) },
    model: isMissing ? { missingModels: [usualModel] } : {},
    faults: [
      ...draw.maybe(10, () => storeFault(draw)),
      ...draw.maybe(6, () => choked(draw)),
      ...draw.maybe(9, () => outage(draw)),
    ],
    // As an admin is told to set it, so that a service which is away for a moment is asked again (TW-HOOK-6).
    number: { voiceOverrides: '#rc=5&rp=ct,rt,5xx' },
  };
}

function storeFault(draw: Draw): Fault {
  if (draw.chance(60)) return { fault: 'storeSlow', byMs: draw.int(10, draw.chance(30) ? 3000 : 300) };
  return { fault: 'storeFails', atMs: draw.int(0, 8000), forMs: draw.int(100, 9000) };
}

/** Draws whether the caller's frames are late again and again, because of the network or because the process is busy; most are in time. */
export function seededLateFrames(draw: Draw): Fault[] {
  const when = { atMs: draw.int(0, 6_000), forMs: draw.int(2_000, 10_000), everyMs: draw.int(600, 1_500) };
  const lateMs = draw.int(100, 500);
  return draw.maybe(16, () =>
    draw.chance(50)
      ? { fault: 'bursts', link: 'mediaIn', ...when, holdMs: lateMs }
      : { fault: 'serviceBusy', ...when, busyMs: lateMs },
  );
}

function choked(draw: Draw): Fault {
  return { fault: 'modelChoked', atMs: draw.int(500, 9000) };
}

/** The process dies, stands still, or is restarted. */
function outage(draw: Draw): Fault {
  const atMs = draw.int(200, 9000);
  switch (draw.int(1, 3)) {
    case 1:
      return { fault: 'serviceRestarted', atMs, downMs: draw.int(0, 4000) };
    case 2:
      return { fault: 'serviceFrozen', atMs, forMs: draw.int(500, 15_000) };
    default:
      return {
        fault: 'serviceKilled',
        atMs,
        downMs: draw.int(0, 4000),
        meanwhile: draw.oneOf(['refused', 'silent', 'badGateway']),
      };
  }
}

/** What is drawn of the server that knows the callers; most services have none. */
interface SeededContext {
  readonly scenario: Pick<WorldScenarioInput, 'context'>;
  readonly greeting: { readonly greeting?: string };
  readonly faults: readonly Fault[];
}

/** Draws whether somebody is asked about the call before it is answered, and how well that goes. */
export function seededContext(draw: Draw): SeededContext {
  if (!draw.chance(25)) return { scenario: {}, greeting: {}, faults: [] };
  return {
    scenario: { context: { customer: 'Ann Lee', city: 'Graz' } },
    greeting: { greeting: 'Hello {{customer}}, this is Parley.' },
    faults: [
      ...draw.maybe(50, (): Fault => ({ fault: 'contextSlow', byMs: draw.int(0, 4_000) })),
      ...draw.maybe(25, (): Fault => ({
        fault: 'contextFails',
        how: draw.oneOf(['refused', 'notJson', 'wrongShape', 'never']),
      })),
    ],
  };
}
