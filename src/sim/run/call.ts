import type { AudioPath } from '../../audio/audio-path.ts';
import type { CallSettings, ModelBehavior } from '../../call/call-settings.ts';
import { Call } from '../../call/call.ts';
import { mulawCodec } from '../../sounds/mulaw-codec.ts';
import { standardAudioPath } from '../../sounds/standard-audio-path.ts';
import type { MakeCaller } from '../world/placed-call.ts';
import { World } from '../world/world.ts';
import type { FleetScript } from '../world/processes/fleet-processes.ts';
import type { WorldObserver, WorldParts, WorldReport } from '../world/world-parts.ts';
import { seededRandom } from '../seeded-random.ts';
import { simulatedKey } from '../world/simulated-sessions.ts';
import { contextDefault } from '../judges/ringing-judge.ts';
import { TraceHash } from './trace-hash.ts';
import type { WorldScenario } from '../scenario/world-scenario.ts';
import { standardSetup } from '../../gemini/setup-settings.ts';
import type { AgentSetup } from '../../gemini/setup.ts';
import { HostedService } from '../driver/hosted-service.ts';
import { MemoryStore } from '../driver/memory-store.ts';
import { simulatedTools } from './simulated-tools.ts';

export interface SimulateOptions {
  /** Sees what happens while it happens. */
  readonly observer?: Partial<WorldObserver>;
  readonly makeCall?: (settings: CallSettings, audioPath: AudioPath) => Call;
  /** How the call changes sound; with the product's filters unless set. */
  readonly audioPath?: AudioPath;
  /** Who the model is told to be, and how its sessions are set up; few words and the standard settings unless set. */
  readonly agent?: Pick<AgentSetup, 'systemInstruction' | 'settings'>;
  /** Several processes behind a proxy; one unless set. */
  readonly fleet?: FleetScript;
  /** Makes who calls, who tells of each clip that begins; the caller of the scenario unless set. */
  readonly makeCaller?: MakeCaller;
  /** Whether the trace is hashed, which costs a fifth of the time; true unless set. */
  readonly hashes?: boolean;
}

export interface SimulatedCall extends WorldReport {
  /** The same on every run and machine; without meaning where it was not asked for. */
  readonly hash: string;
}

/** The model of a call's sessions unless its settings want one that behaves otherwise. */
export const simulatedModelId = 'gemini-3.8-live';

/** The model that behaves so. */
function modelThat({ greeting, callerAudio }: ModelBehavior): string {
  if (greeting === 'byItself') return 'gemini-3.8-live-extended-thinking';
  return callerAudio === 'mayPause' ? 'gemini-live-2.5-flash-native-audio' : simulatedModelId;
}

/** An instruction takes no part in what is simulated, but is read again with every turn. */
const terseAgent = { systemInstruction: 'You answer the phone.', settings: standardSetup };

/** Plays one scenario in virtual time: the product's own service, driven by the world. An exception counts as a broken call. */
export function simulateCall(
  scenario: WorldScenario,
  {
    observer,
    makeCall = usualCall,
    audioPath = standardAudioPath,
    agent = terseAgent,
    hashes = true,
    makeCaller,
    fleet,
  }: SimulateOptions = {},
): SimulatedCall {
  const hash = new TraceHash();
  const world = new World({
    scenario,
    codec: mulawCodec,
    makeCaller,
    fleet,
    makeService: servicesOf(scenario, { makeCall, audioPath, agent }),
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

/** Makes the processes of one call, which share a store. */
function servicesOf(
  { settings, seed, context }: WorldScenario,
  { makeCall, audioPath, agent }: Required<Pick<SimulateOptions, 'makeCall' | 'audioPath' | 'agent'>>,
): WorldParts['makeService'] {
  const store = new MemoryStore();
  const tools = [...simulatedTools.values()];
  const agentOn = (behavior: ModelBehavior): AgentSetup => ({
    ...agent,
    model: modelThat(behavior),
    voice: null,
    tools,
    settings: { ...agent.settings, turnDetection: behavior.turnDetection },
  });
  let services = 0;
  let connections = 0;
  return (observe, faults, atMs, place) => {
    services += 1;
    return new HostedService({
      settings,
      audioPath,
      tools: simulatedTools,
      first: agentOn(settings.model.first),
      fallback: agentOn(settings.model.fallback ?? settings.model.first),
      apiKey: simulatedKey,
      contextDefaults: context === null ? null : new Map([['customer', contextDefault]]),
      nextFraction: fractionsOf(seed),
      newConnection: () => (connections += 1),
      observe,
      store,
      faults,
      process: place?.name ?? `process-${services}`,
      place,
      startedAtMs: atMs,
      makeCall,
    });
  };
}

const usualCall = (settings: CallSettings, audioPath: AudioPath): Call => new Call(settings, audioPath);

function fractionsOf(seed: number): () => number {
  const nextRandom = seededRandom(seed);
  return () => nextRandom() / 2 ** 32;
}
