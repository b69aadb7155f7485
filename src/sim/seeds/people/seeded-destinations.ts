import type { Fault } from '../../faults/fault.ts';
import type { WorldScenarioInput } from '../../scenario/world-scenario.ts';
import { seededRandom } from '../../seeded-random.ts';
import { Draw } from '../draw.ts';

type Outcome = NonNullable<WorldScenarioInput['dialOutcomes']>[string];

/** To whom the agent transfers, how they answer, and what becomes of their webhooks. */
export interface SeededDestinations {
  /** Null leaves those of the scenario, where whoever answers has the caller. */
  readonly destinations: NonNullable<WorldScenarioInput['settings']>['destinations'] | null;
  readonly dialOutcomes: Readonly<Record<string, Outcome>>;
  readonly faults: readonly Fault[];
}

const sipAddress = 'sip:desk@pbx.example.com';

/** Draws destinations whose calls must be taken, for some of the calls. From numbers of its own, so that all other calls stay as they are. */
export function seededDestinations(seed: number): SeededDestinations {
  const draw = new Draw(seededRandom(seed ^ 0xd1a1));
  if (!draw.chance(60)) return { destinations: null, dialOutcomes: {}, faults: [] };
  const addresses = ['+15550100', '+15550103', sipAddress].slice(0, draw.int(1, 3));
  const place = {
    accept: draw.chance(85) ? ('press1' as const) : ('none' as const),
    announcement: draw.chance(50) ? 'Press 1.' : 'A call for {{destination}} from {{caller}}. {{reason}} Press 1.',
    targets: addresses.map((address) => ({
      address,
      kind: address === sipAddress ? ('sip' as const) : ('number' as const),
      ringSeconds: draw.int(5, 8),
    })),
  };
  return {
    destinations: { support: place, sales: place },
    dialOutcomes: Object.fromEntries(addresses.map((address) => [address, outcome(draw)])),
    faults: draw.maybe(10, () =>
      draw.chance(50)
        ? { fault: 'webhookLost', purpose: 'callee' }
        : { fault: 'webhookLate', purpose: 'callee', byMs: draw.int(100, 14_000) },
    ),
  };
}

function outcome(draw: Draw): Outcome {
  const ringMs = draw.int(0, 2_000);
  switch (draw.int(1, 7)) {
    case 1:
      return { type: 'busy', afterMs: ringMs };
    case 2:
      return { type: 'no-answer', afterMs: draw.int(1_000, 8_000) };
    case 3:
      return { type: 'machine', ringMs, talkMs: draw.int(500, 30_000) };
    case 4:
      return { type: 'answered', ringMs, talkMs: 1_000, presses: draw.oneOf(['2', '*', '#', null]), staysMs: 20_000 };
    case 5:
      return { type: 'answered', ringMs, talkMs: 1_000, presses: null, staysMs: draw.int(0, 15_000) };
    default:
      return { type: 'answered', ringMs, talkMs: draw.int(0, 2_500), pressesAfterMs: draw.int(0, 12_000) };
  }
}
