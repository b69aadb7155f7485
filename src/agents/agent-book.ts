import type { AgentProfile } from './agent-profile.ts';

/** Which agent answers which number, at one moment. It never changes: a call keeps the agent that it began with. */
export class AgentBook {
  /** Answers whatever number nobody else does, and callers whose number Twilio withholds. */
  readonly defaultAgent: AgentProfile;
  /** All of them, the default one among them. */
  readonly agents: readonly AgentProfile[];
  readonly #byNumber: ReadonlyMap<string, AgentProfile>;

  /** No number is that of two agents. */
  constructor(defaultAgent: AgentProfile, others: readonly AgentProfile[] = []) {
    this.defaultAgent = defaultAgent;
    this.agents = [defaultAgent, ...others];
    this.#byNumber = new Map(this.agents.flatMap((agent) => agent.numbers.map((number) => [number, agent])));
  }

  /** The agent of a number as Twilio names the one that was dialled; null where it withheld it. */
  find(dialled: string | null): AgentProfile {
    return this.#byNumber.get(dialled ?? '') ?? this.defaultAgent;
  }
}
