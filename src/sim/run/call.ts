import type { AudioPath } from '../../audio/audio-path.ts';
import type { CallSettings } from '../../call/call-settings.ts';
import type { Call } from '../../call/call.ts';
import { mulawCodec } from '../../sounds/mulaw-codec.ts';
import { standardAudioPath } from '../../sounds/standard-audio-path.ts';
import { World, type WorldObserver, type WorldReport } from '../world/world.ts';
import { seededRandom } from '../seeded-random.ts';
import { simulatedKey } from '../world/model-sessions.ts';
import { TraceHash } from './trace-hash.ts';
import type { WorldScenario } from '../scenario/world-scenario.ts';
import { builtInTools } from '../../tools/built-in.ts';
import { createTools } from '../../tools/tool.ts';
import { standardSetup } from '../../gemini/setup-settings.ts';
import type { AgentSetup } from '../../gemini/setup.ts';
import { SimulatedJournal } from './journal.ts';
import { SimulatedService } from './service.ts';

/** The declarations only: the world decides how the tools come out. */
export const simulatedTools = createTools(
  builtInTools({ lookupTable: { columns: ['order'], records: [['A1042']] }, destinations: ['support', 'sales'] }),
);

export interface SimulateOptions {
  /** Sees what happens while it happens. */
  readonly observer?: Partial<WorldObserver>;
  readonly makeCall?: (settings: CallSettings, audioPath: AudioPath) => Call;
  /** How the call changes sound; with the product's filters unless set. */
  readonly audioPath?: AudioPath;
  /** Who the model is told to be, and how its sessions are set up; few words and the standard settings unless set. */
  readonly agent?: Pick<AgentSetup, 'instruction' | 'settings'>;
  /** Whether the trace is hashed, which costs a fifth of the time; true unless set. */
  readonly hashes?: boolean;
}

export interface SimulatedCall extends WorldReport {
  /** The same on every run and machine; of no meaning where it was not asked for. */
  readonly hash: string;
}

/** An instruction takes no part in what is simulated, but is read again with every turn. */
const terseAgent = { instruction: 'You answer the phone.', settings: standardSetup };

/** Plays one scenario in virtual time with the product's own core and wires. What throws is a broken call like any other. */
export function simulateCall(
  scenario: WorldScenario,
  { observer, makeCall, audioPath = standardAudioPath, agent = terseAgent, hashes = true }: SimulateOptions = {},
): SimulatedCall {
  const hash = new TraceHash();
  const journal = new SimulatedJournal();
  const world = new World({
    scenario,
    codec: mulawCodec,
    makeService: (observe) =>
      new SimulatedService({
        settings: scenario.settings,
        audioPath,
        tools: simulatedTools,
        agent,
        apiKey: simulatedKey,
        journal,
        nextJitter: jitterOf(scenario.seed),
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

function jitterOf(seed: number): () => number {
  const nextRandom = seededRandom(seed);
  return () => nextRandom() / 2 ** 32;
}
