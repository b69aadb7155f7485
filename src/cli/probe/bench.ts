import type { ToolAnswer } from '../../call/effects.ts';
import type { ToolCall } from '../../call/tooling/tool-call.ts';
import type { ModelAccess } from '../../gemini/edge/access.ts';
import type { AgentSetup } from '../../gemini/setup.ts';
import { isJsonObject, type JsonObject } from '../../encoding/json.ts';
import type { Budget } from './budget.ts';
import { ProbeFailure } from './failure.ts';
import { type Frame, FrameLog } from './frames.ts';
import { Microphone } from './microphone.ts';
import type { Observation } from './observation.ts';
import { endText, ProbeSession, type SessionPlan } from './session.ts';

/** The end of a turn is held back until the service believes that it has been played (GM-TURN-1): half a minute of speech. */
export const turnMsMax = 30_000;

/** What belongs to a turn and comes behind its end: the bill, a handle, a status. */
const afterTurnMs = 1_500;

/** What a question is asked with. */
export interface BenchParts {
  readonly access: ModelAccess;
  /** The agent of the configuration, on the model of the question. */
  readonly agent: AgentSetup;
  /** What the agent says first. */
  readonly greeting: string;
  readonly budget: Budget;
  /** Recorded speech of a caller by name: 16 kHz PCM16. */
  readonly speech: ReadonlyMap<string, Uint8Array>;
  /** How much faster than life audio is sent and silence listened to: 1, but against simulated services. */
  readonly pace: number;
}

/** A turn of the model, as it was heard. */
export interface HeardTurn {
  /** From the beginning of the wait to the first sound; null when nothing was said. */
  readonly firstSoundMs: number | null;
  readonly spokenMs: number;
  readonly words: string;
  readonly calls: readonly ToolCall[];
  readonly frames: readonly Frame[];
}

/** 24 kHz PCM16. */
const bytesPerMs = 48;

/** What one question works with: it opens sessions within the budget, keeps all frames, and takes the findings down. */
export class Bench {
  readonly parts: BenchParts;
  readonly frames = new FrameLog();
  readonly findings: Observation[] = [];
  readonly #sessions: ProbeSession[] = [];
  readonly #microphones: Microphone[] = [];
  #isOver = false;

  constructor(parts: BenchParts) {
    this.parts = parts;
  }

  /** Takes down what was seen. `agrees`: whether it is as Parley relies on. */
  found(what: string, seen: string, agrees: boolean | null = null): void {
    if (!this.#isOver) this.findings.push({ what, seen, agrees });
  }

  /** A plan for an agent with a short instruction and these tools, changed as told. */
  plan(tools: AgentSetup['tools'], amend?: SessionPlan['amend']): SessionPlan {
    const { access, agent } = this.parts;
    return {
      access,
      agent: { ...agent, systemInstruction: shortInstruction, tools },
      ...(amend === undefined ? {} : { amend }),
    };
  }

  /** Tries to open a session; its `end` says whether that worked. Throws a ProbeFailure when the budget is used up. */
  async attempt(plan: SessionPlan): Promise<ProbeSession> {
    if (this.#isOver) throw new ProbeFailure('The time of the question is over.');
    this.parts.budget.takeSession();
    const session = await ProbeSession.attempt(plan, {
      number: this.#sessions.length + 1,
      frames: this.frames,
      onFact: (fact) => {
        if (fact.type === 'model.usage') this.parts.budget.bill(plan.agent.model, fact.usage);
      },
    });
    this.#sessions.push(session);
    if (this.#isOver) session.cut();
    return session;
  }

  /** Opens a session. Throws a ProbeFailure when it is refused. */
  async open(plan: SessionPlan): Promise<ProbeSession> {
    const session = await this.attempt(plan);
    if (session.end !== null) throw new ProbeFailure(`The setup was refused: ${endText(session.end)}.`);
    return session;
  }

  /** Gives a session a caller, who is silent until he is told to speak. */
  microphone(session: ProbeSession): Microphone {
    const microphone = new Microphone(session, this.parts.pace);
    this.#microphones.push(microphone);
    return microphone;
  }

  clip(name: string): Uint8Array {
    const clip = this.parts.speech.get(name);
    if (clip === undefined) throw new ProbeFailure(`There is no recording named ${name}.`);
    return clip;
  }

  /** Lets a time pass, which is as short as the services are fast. */
  pass(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms / this.parts.pace));
  }

  /** Everything that comes within a time, which is as short as the services are fast. */
  async listen(session: ProbeSession, ms: number): Promise<readonly Frame[]> {
    await this.pass(ms);
    return session.unread();
  }

  /** Says something and hears the whole turn that answers it. */
  exchange(session: ProbeSession, text: string): Promise<HeardTurn> {
    session.say(text);
    return this.turn(session);
  }

  /** Hears a turn of the model to its end, and what comes right behind it. Throws a ProbeFailure when there is none. */
  async turn(session: ProbeSession): Promise<HeardTurn> {
    const startedAtMs = this.frames.nowMs;
    const frames: Frame[] = [];
    let firstSoundMs: number | null = null;
    let hasContent = false;
    await session.next('The end of a turn', turnMsMax, (frame) => {
      frames.push(frame);
      for (const { type } of frame.facts) {
        if (type === 'model.audio') firstSoundMs ??= frame.atMs - startedAtMs;
        hasContent ||= type === 'model.audio' || type === 'model.toolCalled';
        if (type === 'model.turnCompleted' && hasContent) return true;
      }
      return null;
    });
    frames.push(...(await this.listen(session, afterTurnMs)));
    return { firstSoundMs, ...heard(frames) };
  }

  /** Waits for a tool call. Throws a ProbeFailure when the model calls none. */
  toolCall(session: ProbeSession): Promise<ToolCall> {
    return session.next('A tool call', turnMsMax, ({ facts }) => {
      const called = facts.find((fact) => fact.type === 'model.toolCalled');
      return called?.calls[0] ?? null;
    });
  }

  /** Ends the question: nothing that it still does has an effect. */
  end(): void {
    this.#isOver = true;
    for (const microphone of this.#microphones) microphone.stop();
    for (const session of this.#sessions) session.cut();
  }
}

const shortInstruction =
  'You are being tested over the telephone. Answer in one short English sentence. When you are asked to look something up, call the tool for it at once and say nothing before.';

/** What some frames hold of speech, words and tool calls. */
export function heard(frames: readonly Frame[]): Omit<HeardTurn, 'firstSoundMs'> {
  const facts = frames.flatMap((frame) => frame.facts);
  const bytes = facts.reduce((sum, fact) => (fact.type === 'model.audio' ? sum + fact.pcm.length : sum), 0);
  const words = facts.map((fact) => (fact.type === 'model.agentTranscript' ? fact.text : '')).join('');
  const calls = facts.flatMap((fact) => (fact.type === 'model.toolCalled' ? fact.calls : []));
  return { spokenMs: Math.round(bytes / bytesPerMs), words: words.trim(), calls, frames };
}

/** An answer to a tool call. */
export function answerTo({ id, name }: ToolCall, result: string, silent = false): ToolAnswer {
  return { id, name, response: { result }, scheduling: silent ? 'silent' : 'whenIdle' };
}

/** Changes one member of a setup, found by its path; the objects on the way are made where they are missing. */
export function withMember(setup: JsonObject, path: string, value: unknown): JsonObject {
  const [key = '', ...rest] = path.split('.');
  const inner = setup[key];
  const changed = rest.length === 0 ? value : withMember(isJsonObject(inner) ? inner : {}, rest.join('.'), value);
  return { ...setup, [key]: changed };
}

/** An object without some of its members. */
export function without(object: JsonObject, ...keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}
