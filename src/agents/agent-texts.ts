import { buildSystemInstruction } from '../config/system-instruction.ts';
import type { AgentProfile } from './agent-profile.ts';
import { aboutCall, type CallFacts, placeholderValues } from './context/call-facts.ts';
import { type ContextValues, withDefaults } from './context/context-values.ts';
import { fillPlaceholders } from './context/template.ts';

/** What is known of a call when it begins. */
export interface CallStart {
  readonly from: string | null;
  readonly to: string | null;
  /** What somebody who was asked knows of it. */
  readonly context: ContextValues;
  /** Unix time in ms. */
  readonly atMs: number;
}

/** The texts of an agent, filled for one call. */
export interface AgentTexts {
  readonly greeting: string;
  readonly apology: string;
  /** The system instruction of a session that begins at this moment, in Unix ms. */
  readonly instructionAt: (unixMs: number) => string;
}

/** Fills the texts of an agent for one call. `toolNames`: what the model is offered. */
export function agentTexts(profile: AgentProfile, toolNames: readonly string[], start: CallStart): AgentTexts {
  const facts = callFacts(profile, start);
  const { language } = profile;
  return {
    greeting: fillPlaceholders(profile.greeting, placeholderValues(facts, start.atMs)),
    apology: apologyOf(profile, start.context),
    instructionAt(unixMs) {
      const prompt = fillPlaceholders(profile.prompt, placeholderValues(facts, unixMs));
      return buildSystemInstruction({ prompt, language }, toolNames, aboutCall(facts, unixMs));
    },
  };
}

/** The apology for a caller of whom this is known. It says nothing of the call itself, since it is for callers without one as well. */
export function apologyOf({ name, apology, contextDefaults }: AgentProfile, context: ContextValues): string {
  return fillPlaceholders(apology, new Map([...withDefaults(context, contextDefaults), ['agent', name]]));
}

function callFacts(
  { name, languageTag, schedule, contextDefaults }: AgentProfile,
  { from, to, context }: CallStart,
): CallFacts {
  return {
    from,
    to,
    agent: name,
    languageTag,
    schedule,
    context: withDefaults(context, contextDefaults),
    fromOutside: [...context.keys()].filter((key) => contextDefaults.has(key)),
  };
}
