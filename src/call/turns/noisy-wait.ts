import type { Feeder } from '../agent/feeder.ts';
import type { ModelTurn } from '../agent/model-turn.ts';
import type { Intake } from '../caller/intake.ts';
import type { Reaction } from '../reaction.ts';
import type { Prompter } from '../talk/prompter.ts';
import type { Escalation } from '../watchdog/escalation.ts';
import type { ResponseWatchdog } from '../watchdog/response-watchdog.ts';
import type { UnansweredCaller } from './unanswered-caller.ts';

/** A model mostly answers within 2.2 s of the caller's end (GM-VAD-7). One that has not after so long is asked, and again after as long. */
const askMs = 3_000;

/** Whoever has been asked so often, and speaks only when asked, has no answer. */
const asksMax = 3;

/**
 * A caller who waits for an answer beside a noise such as a television, whose voices come and go. Each of them may be the caller, so each
 * excuses the model once more, and what it was about to say is broken off. So an answer that is due is asked for in a pause of the voices, one
 * that would end a turn on a quiet line. That is no fault of the session, and no step is taken against it, unless nothing comes of it.
 */
export class NoisyWait {
  readonly #intake: Intake;
  readonly #feeder: Feeder;
  readonly #turn: ModelTurn;
  readonly #watchdog: ResponseWatchdog;
  readonly #prompter: Prompter;
  readonly #unanswered: UnansweredCaller;
  readonly #escalation: Escalation;
  readonly #reaction: Reaction;
  /** Since when the caller waits; null while nobody does. */
  #sinceMs: number | null = null;
  #asks = 0;
  /** How many of them have brought nothing since the agent was heard last. */
  #asksInVain = 0;
  #begunBytes = 0;

  constructor(
    intake: Intake,
    feeder: Feeder,
    turn: ModelTurn,
    watchdog: ResponseWatchdog,
    prompter: Prompter,
    unanswered: UnansweredCaller,
    escalation: Escalation,
    reaction: Reaction,
  ) {
    this.#intake = intake;
    this.#feeder = feeder;
    this.#turn = turn;
    this.#watchdog = watchdog;
    this.#prompter = prompter;
    this.#unanswered = unanswered;
    this.#escalation = escalation;
    this.#reaction = reaction;
  }

  /** The model has chosen to say nothing, or nobody waits any more. */
  over(): void {
    this.#sinceMs = null;
  }

  /** The model has written down words of the caller: somebody is there who may want an answer. */
  callerWasHeard(): void {
    this.#asks = 0;
  }

  /** After each event. */
  advance(): void {
    const { begunBytes } = this.#feeder;
    const isAnswered = begunBytes !== this.#begunBytes;
    this.#begunBytes = begunBytes;
    const { expected, sinceMs } = this.#watchdog;
    const isForOther = expected !== null && expected !== 'answer';
    if (isAnswered) this.#asksInVain = 0;
    if (isAnswered || isForOther || this.#isElsewhere) return this.over();
    if (!this.#intake.gate.isNoise) return;
    if (expected === 'answer') this.#sinceMs ??= sinceMs;
    if (this.#sinceMs === null || this.#feeder.hasUnheardWords) return;
    const wasExcused = expected === null || sinceMs > this.#sinceMs;
    const waitedMs = this.#reaction.nowMs - Math.max(this.#sinceMs, this.#turn.workedMs);
    if (!wasExcused || Math.min(waitedMs, this.#prompter.sinceToldMs) < askMs) return;
    if (this.#asksInVain >= asksMax) this.#escalation.fault('answer');
    else if (this.#asks < asksMax) this.#ask();
  }

  /** There is no model to ask, it waits for a tool, or it is told of the caller's turns and hears no noise between them. */
  get #isElsewhere(): boolean {
    const { isResting, isToolAwaited } = this.#watchdog;
    return !this.#prompter.isHeard || isResting || isToolAwaited || this.#intake.window.isAwaited;
  }

  #ask(): void {
    this.#asks += 1;
    this.#asksInVain += 1;
    this.#unanswered.askBesideNoise();
  }
}
