import type { AgentProfile } from '../../agents/agent-profile.ts';
import { apologyOf } from '../../agents/agent-texts.ts';
import { agentTools } from '../../agents/agent-tools.ts';
import { type AudioPath, filteredAudioPath } from '../../audio/audio-path.ts';
import type { CallSettings } from '../../call/call-settings.ts';
import type { Config } from '../../config/config.ts';
import { callDestinations } from '../../config/destinations/destination-schema.ts';
import { behaviorOf } from '../../gemini/models.ts';
import { type AgentSetup, liveSetup } from '../../gemini/setup.ts';
import type { OfferedTools } from '../agent-tools.ts';
import { agentSetup } from '../agent-setup.ts';
import { serviceComfortSounds, shippedComfortSounds } from '../../sounds/comfort-sounds.ts';
import { mulawCodec } from '../../sounds/mulaw-codec.ts';
import type { Logger } from '../../system/logger.ts';
import { termsOf } from '../../tools/tool-terms.ts';
import type { Tool } from '../../tools/tool.ts';

/** An agent with all that its calls have in common, made once. */
export interface ServedAgent {
  readonly profile: AgentProfile;
  /** Of a call of which nothing is known: its greeting is not filled. */
  readonly settings: CallSettings;
  readonly tools: ReadonlyMap<string, Tool>;
  readonly audioPath: AudioPath;
  /** Null for the one that Parley brings along. */
  readonly ownFillerPhrase: Uint8Array | null;
  /** On the model that calls begin with, and on the one that takes over. */
  readonly first: AgentSetup;
  readonly fallback: AgentSetup;
}

/**
 * Makes of a profile what its calls need. Throws `config.invalid` for a filler phrase that cannot be played and for what no session can
 * be set up with, before a caller meets it.
 */
export function servedAgent(
  profile: AgentProfile,
  config: Config,
  offered: Pick<OfferedTools, 'tools' | 'searches'>,
  log: Logger,
): ServedAgent {
  const tools = agentTools(profile, offered.tools);
  const first = agentSetup(profile, config, { tools, searches: offered.searches });
  const fallback = { ...first, model: config.gemini.fallbackModel ?? first.model };
  for (const setup of [first, fallback]) liveSetup(setup);
  const comfortSounds = serviceComfortSounds(profile, log);
  return {
    profile,
    settings: callSettings(profile, tools, config),
    tools,
    audioPath: filteredAudioPath(mulawCodec, comfortSounds),
    ownFillerPhrase: comfortSounds.phrase === shippedComfortSounds.phrase ? null : comfortSounds.phrase,
    first,
    fallback,
  };
}

function callSettings(
  profile: AgentProfile,
  tools: ReadonlyMap<string, Tool>,
  { bargeIn, gemini, limits, patience }: Config,
): CallSettings {
  return {
    greeting: profile.greeting,
    apology: apologyOf(profile, new Map()),
    caller: null,
    destinations: callDestinations(profile.destinations),
    fallback: profile.fallback,
    callMsMax: limits.callSecondsMax * 1000,
    model: {
      first: behaviorOf(profile.model, gemini.setup),
      fallback: gemini.fallbackModel === null ? null : behaviorOf(gemini.fallbackModel, gemini.setup),
    },
    sessionMsMax: gemini.sessionSecondsMax * 1000,
    patience,
    bargeIn,
    tools: termsOf(tools),
  };
}
