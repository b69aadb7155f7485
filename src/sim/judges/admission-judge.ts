import type { FaultPlan } from '../faults/fault-plan.ts';
import type { WorldScenario } from '../scenario/world-scenario.ts';
import { webhookOf } from '../world/placed-call.ts';

/** What Parley promises unless an admin says otherwise: no new call is taken when more than one of ten timers is later than this. */
const delayMsMax = 100;

/** How a call ends that is refused: with the busy tone, or after the fallback. */
const refusedWays: ReadonlySet<string> = new Set(['rejected', 'hangupVerb', 'callerHungUp', 'applicationError']);

/** Whether a call may be taken, and whether it may be refused, by how late the process was when it came. It may come more than once. */
export class AdmissionJudge {
  readonly #faults: FaultPlan;
  readonly #asksSomebody: boolean;
  readonly #broken: (sentence: string) => void;
  #wasInTime = false;
  #wasLate = false;

  constructor({ context }: Pick<WorldScenario, 'context'>, faults: FaultPlan, broken: (sentence: string) => void) {
    this.#faults = faults;
    this.#asksSomebody = context !== null;
    this.#broken = broken;
  }

  /** Only a service that is draining or late takes no call. */
  get mayRefuse(): boolean {
    return this.#wasLate || this.#faults.has('drain');
  }

  /** A webhook has come. */
  requested({ path }: { readonly path: string }, atMs: number): void {
    if (webhookOf(path).purpose !== 'voice') return;
    const isLate = this.#faults.processLateMs(atMs) > delayMsMax;
    this.#wasLate ||= isLate;
    this.#wasInTime ||= !isLate;
  }

  /** The call was taken. */
  taken(): void {
    if (!this.#wasInTime) this.#broken('a process that was too late took a call');
  }

  /** The call ended so without having been taken. The caller gets a human, the voicemail, or the busy tone. */
  refused(reason: string): void {
    // Nobody has answered yet while a server is asked about the caller.
    if (reason === 'callerHungUp' && this.#asksSomebody) return;
    if (!this.mayRefuse && !this.#faults.hasOutage) this.#broken('the call was refused for no reason');
    if (!refusedWays.has(reason)) this.#broken(`the call was refused in silence (${reason})`);
  }
}
