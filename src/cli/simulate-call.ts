import type { CallSettings } from '../core/call-settings.ts';
import type { Call } from '../core/call.ts';
import type { MulawCodec } from '../audio/mulaw.ts';
import { mulawCodec } from '../shell/mulaw-codec.ts';
import { World, type WorldObserver, type WorldReport } from '../sim/world.ts';
import { simulatedKey } from '../sim/world/model-sessions.ts';
import { TraceHash } from '../sim/world/trace-hash.ts';
import type { WorldScenario } from '../sim/world/world-scenario.ts';
import { builtInTools } from '../tools/built-in.ts';
import { createTools } from '../tools/tool.ts';
import { SimulatedService } from './simulate-service.ts';

/** The declarations only: the world decides how the tools come out. */
const tools = createTools(
  builtInTools({ lookupTable: { columns: ['order'], records: [['A1042']] }, destinations: ['support', 'sales'] }),
);

export interface SimulateOptions {
  /** Sees what happens while it happens. */
  readonly observer?: Partial<WorldObserver>;
  readonly makeCall?: (settings: CallSettings, codec: MulawCodec) => Call;
  /** Whether the trace is hashed, which costs a fifth of the time; true unless set. */
  readonly hashes?: boolean;
}

export interface SimulatedCall extends WorldReport {
  /** The same on every run and machine; of no meaning where it was not asked for. */
  readonly hash: string;
}

/** Plays one scenario in virtual time with the product's own core and wires. What throws is a broken call like any other. */
export function simulateCall(
  scenario: WorldScenario,
  { observer, makeCall, hashes = true }: SimulateOptions = {},
): SimulatedCall {
  const hash = new TraceHash();
  const world = new World({
    scenario,
    codec: mulawCodec,
    makeService: (observe) =>
      new SimulatedService({
        settings: scenario.settings,
        codec: mulawCodec,
        tools,
        apiKey: simulatedKey,
        observe,
        ...(makeCall && { makeCall }),
      }),
    observer: {
      onNote: (note) => observer?.onNote?.(note),
      onFault: (atMs, fault) => observer?.onFault?.(atMs, fault),
      onStep(atMs, event, effects, call) {
        if (hashes) hash.add(event, effects);
        observer?.onStep?.(atMs, event, effects, call);
      },
    },
  });
  return { ...world.run(), hash: hash.value };
}
