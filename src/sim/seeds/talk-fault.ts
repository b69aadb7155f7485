import type { CallerScriptInput } from '../caller/caller-script.ts';
import type { Fault } from '../faults/fault.ts';
import type { ScriptInput } from '../model/script/script.ts';
import type { Span } from '../judges/ear.ts';
import type { Draw } from './draw.ts';
import type { Talk, TalkScenario } from './seeded-talk.ts';

/** What is special about one connection to the model. */
export type SessionPart = NonNullable<ScriptInput['sessions']>[number];

/** What goes on around the struck question when nothing goes wrong. */
export const phases = ['quiet', 'callerSpeaks', 'agentSpeaks', 'waiting', 'toolRuns'] as const;
export type PhaseOfTalk = (typeof phases)[number];

/** The phases that every talk has, with or without a tool. */
export const someTime = ['quiet', 'callerSpeaks', 'agentSpeaks', 'waiting'] as const;

/** When what happens in the talk without faults: up to there, the talk with faults is the same. Times are of the world. */
export interface Moments {
  /** When the first session was set up. */
  readonly openedAtMs: number;
  readonly phases: Readonly<Record<PhaseOfTalk, Span>>;
}

/** Where a fault strikes. */
export interface Struck {
  readonly talk: Talk;
  readonly moments: Moments;
  readonly draw: Draw;
}

/** What a fault changes in a talk. */
export interface Blow {
  /** What the first, second, … session does otherwise. */
  readonly sessions?: readonly SessionPart[];
  /** What all sessions after these do otherwise. */
  readonly later?: SessionPart;
  readonly faults?: readonly Fault[];
  readonly sessionMsMax?: number;
  /** It strikes before there is a greeting: a fresh session has yet to give it. */
  readonly beforeGreeting?: boolean;
  /** The caller mutes the phone for so long, right after the struck question. */
  readonly muteMs?: number;
  /** From here on the caller's stream carries nothing, and nobody is told: nothing that Parley does can be heard. */
  readonly lineDeadFromMs?: number;
  /** So much later than usual anything may be heard or seen, because a link holds it back. */
  readonly heldMs?: number;
}

/** One thing that goes wrong in a talk. */
export interface TalkFault {
  readonly name: string;
  /** What the extra wait is measured against; null: the ladder's own bounds only. */
  readonly gap: 'rotation' | 'crash' | null;
  readonly needsTool: boolean;
  /** Whether the caller may be heard less because the phone network loses the sound, or nobody is there to take it. */
  readonly lineLoses: boolean;
  /** Whether the struck session ends by it, so that what else goes wrong comes in a later one. */
  readonly endsSession: boolean;
  strike(struck: Struck): Blow;
}

/** Makes a fault. What is not said of it is not so. */
export function talkFault(
  name: string,
  about: Partial<Pick<TalkFault, 'gap' | 'needsTool' | 'lineLoses' | 'endsSession'>>,
  strike: TalkFault['strike'],
): TalkFault {
  return { name, gap: null, needsTool: false, lineLoses: false, endsSession: false, ...about, strike };
}

/** A seeded moment of a phase, in whole ms. */
export function momentIn({ moments, draw }: Struck, phase: PhaseOfTalk): number {
  const { fromMs, toMs } = moments.phases[phase];
  return draw.int(Math.ceil(fromMs), Math.max(Math.ceil(fromMs), Math.floor(toMs) - 1));
}

/** Enough for every reopening that a call is allowed. */
const sessionsMax = 20;

/** The scenario of a talk with one fault, or with several, one after the other. */
export function struckScenario(
  struck: Struck,
  faults: readonly TalkFault[],
): { scenario: TalkScenario; blows: Blow[] } {
  const blows = faults.map((fault) => fault.strike(struck));
  const sessions: SessionPart[] = [];
  let first = 0;
  blows.forEach((blow, index) => {
    const parts = blow.sessions ?? [];
    parts.forEach((part, at) => {
      sessions[first + at] = joined(sessions[first + at], first === 0 ? part : soon(part));
    });
    const { later } = blow;
    if (later !== undefined)
      for (let at = first + parts.length; at < sessionsMax; at += 1) sessions[at] = joined(sessions[at], later);
    if (faults[index]?.endsSession === true) first += Math.max(1, parts.length);
  });
  return { scenario: merged(struck, sessions, blows), blows };
}

function merged({ talk }: Struck, sessions: readonly SessionPart[], blows: readonly Blow[]): TalkScenario {
  const { scenario } = talk;
  const muteMs = blows.find((blow) => blow.muteMs !== undefined)?.muteMs;
  const sessionMsMax = blows.find((blow) => blow.sessionMsMax !== undefined)?.sessionMsMax;
  // A fresh session does not know the script: it begins with the greeting, or with the answer that the struck question gets.
  const firstTurn = blows.some(({ beforeGreeting = false }) => beforeGreeting) ? 0 : talk.struck;
  const fresh = Array.from({ length: sessionsMax }, (_, index): SessionPart => ({
    ...(index > 0 && { firstTurn }),
    ...sessions[index],
  }));
  return {
    ...scenario,
    model: { ...scenario.model, sessions: fresh },
    caller: muteMs === undefined ? scenario.caller : muted(talk, muteMs),
    faults: [...(scenario.faults ?? []), ...blows.flatMap(({ faults = [] }) => faults)],
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

/** The caller mutes the phone after the struck question. */
function muted({ scenario, struck }: Talk, muteMs: number): CallerScriptInput {
  const { caller } = scenario;
  let asked = 0;
  return {
    ...caller,
    steps: caller.steps.flatMap((step) => {
      if ('say' in step) asked += 1;
      return 'say' in step && asked === struck ? [step, { muteMs }] : [step];
    }),
  };
}

/** One of the phases that every talk has. */
export function anyPhase({ draw }: Struck): PhaseOfTalk {
  return draw.oneOf(someTime);
}
