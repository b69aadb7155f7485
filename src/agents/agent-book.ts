import type { AgentProfile } from './agent-profile.ts';

/** Which agent answers which number, at one moment. It never changes: a call keeps the agent that it began with. */
export class AgentBook {
  /** Answers whatever number nobody else does, and callers whose number Twilio withholds. */
  readonly defaultAgent: AgentProfile;
  /** All of them, the default one among them. */
  readonly agents: readonly AgentProfile[];
  readonly #byNumber: ReadonlyMap<string, AgentProfile>;

  /** `byNumber`: in E.164, the agents that have numbers of their own. */
  constructor(defaultAgent: AgentProfile, byNumber: ReadonlyMap<string, AgentProfile> = new Map()) {
    this.defaultAgent = defaultAgent;
    this.agents = [...new Set([defaultAgent, ...byNumber.values()])];
    this.#byNumber = byNumber;
  }

  /** The agent of a number as Twilio names the one that was dialled; null where it withheld it. */
  find(dialled: string | null): AgentProfile {
    return this.#byNumber.get(dialled ?? '') ?? this.defaultAgent;
  }
}
