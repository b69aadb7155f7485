import type { CallerScriptInput } from '../caller/caller-script.ts';
import type { Fault } from '../faults/fault.ts';
import type { ScriptInput } from '../model/script/script.ts';
import type { Span } from '../judges/heard-stream.ts';
import type { Draw } from './draw.ts';
import type { Dialogue, DialogueScenario } from './seeded-dialogue.ts';

/** What is special about one connection to the model. */
export type SessionPart = NonNullable<ScriptInput['sessions']>[number];

/** What goes on around the faulted question when nothing goes wrong. */
export const phases = ['quiet', 'callerSpeaks', 'agentSpeaks', 'waiting', 'toolRuns'] as const;
export type DialoguePhase = (typeof phases)[number];

/** The phases that every dialogue has, with or without a tool. */
export const someTime = ['quiet', 'callerSpeaks', 'agentSpeaks', 'waiting'] as const;

/** When what happens in the dialogue without faults: up to there, the dialogue with faults is the same. Times are of the world. */
export interface Moments {
  /** When the first session was set up. */
  readonly openedAtMs: number;
  readonly phases: Readonly<Record<DialoguePhase, Span>>;
}

/** Where a fault is injected. */
export interface FaultSite {
  readonly dialogue: Dialogue;
  readonly moments: Moments;
  readonly draw: Draw;
}

/** What a fault changes in a dialogue. */
export interface FaultChanges {
  /** What the first, second, … session does otherwise. */
  readonly sessions?: readonly SessionPart[];
  /** What all sessions after these do otherwise. */
  readonly later?: SessionPart;
  readonly faults?: readonly Fault[];
  readonly sessionMsMax?: number;
  /** It comes before there is a greeting: a fresh session has yet to give it. */
  readonly beforeGreeting?: boolean;
  /** The caller mutes the phone for so long, right after the faulted question. */
  readonly muteMs?: number;
  /** From here on the caller's stream carries nothing, and nobody is told: nothing that Parley does can be heard. */
  readonly lineDeadFromMs?: number;
  /** So much later than usual anything may be heard or seen, because a link holds it back. */
  readonly heldMs?: number;
}

/** One thing that goes wrong in a dialogue. */
export interface DialogueFault {
  readonly name: string;
  /** What the extra wait is measured against; null: only the bounds of the escalation. */
  readonly gap: 'rotation' | 'crash' | null;
  readonly needsTool: boolean;
  /** Whether the caller may be heard less because the phone network loses the sound, or nobody is there to take it. */
  readonly lineLoses: boolean;
  /** Whether the session ends by it, so that what else goes wrong comes in a later one. */
  readonly endsSession: boolean;
  inject(site: FaultSite): FaultChanges;
}

/** Makes a fault. What is not said of it is not so. */
export function dialogueFault(
  name: string,
  about: Partial<Pick<DialogueFault, 'gap' | 'needsTool' | 'lineLoses' | 'endsSession'>>,
  inject: DialogueFault['inject'],
): DialogueFault {
  return { name, gap: null, needsTool: false, lineLoses: false, endsSession: false, ...about, inject };
}

/** A seeded moment of a phase, in whole ms. */
export function momentIn({ moments, draw }: FaultSite, phase: DialoguePhase): number {
  const { fromMs, toMs } = moments.phases[phase];
  return draw.int(Math.ceil(fromMs), Math.max(Math.ceil(fromMs), Math.floor(toMs) - 1));
}

/** Enough for every reopening that a call is allowed. */
const sessionsMax = 20;

/** The scenario of a dialogue with one fault, or with several, one after the other. */
export function faultedScenario(
  site: FaultSite,
  faults: readonly DialogueFault[],
): { scenario: DialogueScenario; changes: FaultChanges[] } {
  const changes = faults.map((fault) => fault.inject(site));
  const sessions: SessionPart[] = [];
  let first = 0;
  changes.forEach((change, index) => {
    const parts = change.sessions ?? [];
    parts.forEach((part, at) => {
      sessions[first + at] = joined(sessions[first + at], first === 0 ? part : soon(part));
    });
    const { later } = change;
    if (later !== undefined)
      for (let at = first + parts.length; at < sessionsMax; at += 1) sessions[at] = joined(sessions[at], later);
    if (faults[index]?.endsSession === true) first += Math.max(1, parts.length);
  });
  return { scenario: merged(site, sessions, changes), changes };
}

function merged(
  { dialogue }: FaultSite,
  sessions: readonly SessionPart[],
  changes: readonly FaultChanges[],
): DialogueScenario {
  const { scenario } = dialogue;
  const muteMs = changes.find((change) => change.muteMs !== undefined)?.muteMs;
  const sessionMsMax = changes.find((change) => change.sessionMsMax !== undefined)?.sessionMsMax;
  // A fresh session does not know the script: it begins with the greeting, or with the answer that the faulted question gets.
  const firstTurn = changes.some(({ beforeGreeting = false }) => beforeGreeting) ? 0 : dialogue.faultedQuestion;
  const fresh = Array.from({ length: sessionsMax }, (_, index): SessionPart => ({
    ...(index > 0 && { firstTurn }),
    ...sessions[index],
  }));
  return {
    ...scenario,
    model: { ...scenario.model, sessions: fresh },
    caller: muteMs === undefined ? scenario.caller : muted(dialogue, muteMs),
    faults: [...(scenario.faults ?? []), ...changes.flatMap(({ faults = [] }) => faults)],
    settings: { ...scenario.settings, ...(sessionMsMax !== undefined && { sessionMsMax }) },
  };
}

function joined(one: SessionPart | undefined, other: SessionPart): SessionPart {
  return {
    ...one,
    ...other,
    timed: [...(one?.timed ?? []), ...(other.timed ?? [])],
    defects: [...(one?.defects ?? []), ...(other.defects ?? [])],
  };
}

/** What was meant for the middle of the first session comes soon in a later one. */
function soon(part: SessionPart): SessionPart {
  return {
    ...part,
    timed: (part.timed ?? []).map(({ atMs, step }) => ({ atMs: 300 + (Math.floor(atMs) % 6000), step })),
    defects: (part.defects ?? []).map((defect) => ({ ...defect, turn: 1 + (defect.turn % 2) })),
  };
}

/** The caller mutes the phone after the faulted question. */
function muted({ scenario, faultedQuestion }: Dialogue, muteMs: number): CallerScriptInput {
  const { caller } = scenario;
  let asked = 0;
  return {
    ...caller,
    steps: caller.steps.flatMap((step) => {
      if ('say' in step) asked += 1;
      return 'say' in step && asked === faultedQuestion ? [step, { muteMs }] : [step];
    }),
  };
}

/** One of the phases that every dialogue has. */
export function anyPhase({ draw }: FaultSite): DialoguePhase {
  return draw.oneOf(someTime);
}
