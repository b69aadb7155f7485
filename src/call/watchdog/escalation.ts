import type { TurnFault } from '../agent/model-turn.ts';
import type { Reaction } from '../reaction.ts';
import type { ModelConnection } from '../session/model-connection.ts';
import type { Recovery } from '../session/recovery.ts';
import type { ToolWork } from '../tooling/tool-work.ts';
import { EscalationSteps } from './escalation-steps.ts';
import type { ResponseWatchdog } from './response-watchdog.ts';

/**
 * What is done when the model does not say what is expected of it: nudge, resumed session, fresh session, apology. It rests while no
 * session is there or a tool runs, since both have deadlines of their own, and once an exit is decided.
 */
export class Escalation {
  readonly #watchdog: ResponseWatchdog;
  readonly #recovery: Recovery;
  readonly #connection: ModelConnection;
  readonly #tools: ToolWork;
  readonly #reaction: Reaction;
  readonly #steps: EscalationSteps;
  readonly #causes = new Map<string, number>();

  /** `stepMs`: from one step to the next. */
  constructor(
    stepMs: number,
    watchdog: ResponseWatchdog,
    recovery: Recovery,
    connection: ModelConnection,
    tools: ToolWork,
    reaction: Reaction,
  ) {
    this.#steps = new EscalationSteps(stepMs);
    this.#watchdog = watchdog;
    this.#recovery = recovery;
    this.#connection = connection;
    this.#tools = tools;
    this.#reaction = reaction;
  }

  /** How often a step was taken, by cause. */
  get causes(): string {
    return [...this.#causes].map(([cause, times]) => `${cause} ${times}`).join(', ');
  }

  /** Something is wrong with the session: the next step is taken at once. */
  fault(cause: string): void {
    if (this.#watchdog.expected === null) this.#watchdog.expect('anything');
    this.#escalate(cause);
  }

  /** A turn has ended without anything to hear. Nobody misses it if nothing was expected. */
  turnFailed(fault: TurnFault): void {
    if (this.#watchdog.expected === null) this.#reaction.note('debug', 'emptyTurn', { fault });
    else this.fault(fault);
  }

  /** The session speaks, and yet it is broken: the steps that only ask are left out. */
  replaceSession(cause: string): void {
    if (this.#watchdog.isResting) return;
    this.#steps.skipNudge();
    this.#escalate(cause);
  }

  /** The caller has heard a whole reply. */
  replyHeard(): void {
    this.#steps.replyHeard();
  }

  /** What is expected has not come in time. */
  timedOut(): void {
    this.#escalate(this.#watchdog.expected ?? 'nothing');
  }

  /** After each event: when the next step is due. */
  advance(): void {
    this.#reaction.waitUntil('escalation', this.#deadlineMs);
  }

  get #deadlineMs(): number | null {
    if (this.#watchdog.expected === null || !this.#connection.isOpen) return null;
    const { sinceMs, renewedMs, quietSinceMs, toolMs } = this.#watchdog;
    if (quietSinceMs === Infinity) return null;
    return this.#steps.deadlineMs({ sinceMs, renewedMs, quietSinceMs, toolMs }, this.#tools.isBusy);
  }

  #escalate(cause: string): void {
    if (!this.#connection.isOpen || this.#watchdog.isResting) return;
    const step = this.#steps.take(this.#reaction.nowMs);
    this.#causes.set(cause, (this.#causes.get(cause) ?? 0) + 1);
    this.#reaction.note('warn', 'escalated', { cause, step });
    if (step === 'nudge') {
      this.#recovery.nudge();
      // The broken turn may yet end; that is no answer to what was asked just now.
      if (this.#watchdog.expected === 'rest') this.#watchdog.expect('anything');
    } else if (step === 'giveUp' || !this.#recovery.restart(step)) this.#recovery.giveUp(cause);
  }
}
