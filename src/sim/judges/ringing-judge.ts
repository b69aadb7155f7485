import type { CallEffect } from '../../call/effects.ts';
import type { FaultPlan } from '../faults/fault-plan.ts';
import type { WorldScenario } from '../scenario/world-scenario.ts';
import { answerAboutCall } from '../faults/context-server.ts';
import { webhookOf } from '../world/placed-call.ts';

/** What Parley promises: nobody who calls waits longer for what a server knows of the caller. */
const contextMsMax = 1_500;

/** The answer to a new call waits this long until the call is on record. */
const recordedMsMax = 250;

/** How near to the promised time an answer may come without it being clear whether it was in time. */
const fringeMs = 100;

/** What somebody hears who calls while a server is asked about the call: for how long it rings, and which words the greeting has then. */
export class RingingJudge {
  readonly #broken: (sentence: string) => void;
  readonly #msMax: number;
  /** Whether other waits come on top, such as that for the journal of a process that is gone. */
  readonly #isBounded: boolean;
  /** A word that the model must not be told of; null where it may be any. */
  readonly #wrongWord: string | null;
  readonly #rings = new Map<number, number>();

  constructor(scenario: WorldScenario, faults: FaultPlan, broken: (sentence: string) => void) {
    this.#broken = broken;
    const lateMs = faults.lateMsMax;
    // The request and the news that it is on record may each find the process late.
    this.#msMax = (scenario.context === null ? 0 : contextMsMax + lateMs) + recordedMsMax + 2 * lateMs;
    this.#isBounded = !faults.hasOutage && !faults.hasBroken && !faults.has('callBroken');
    this.#wrongWord = wrongWord(scenario, faults);
  }

  /** A webhook has come. Only a new call rings. */
  requested({ id, path }: { readonly id: number; readonly path: string }, atMs: number): void {
    if (webhookOf(path).purpose === 'voice') this.#rings.set(id, atMs);
  }

  /** Something was answered. */
  answered(id: number, atMs: number): void {
    const sinceMs = this.#rings.get(id);
    if (sinceMs === undefined) return;
    this.#rings.delete(id);
    const waitedMs = atMs - sinceMs;
    if (this.#isBounded && waitedMs > this.#msMax) this.#broken(`a caller heard it ring for ${waitedMs} ms`);
  }

  /** The call has done something. */
  step(effects: readonly CallEffect[]): void {
    for (const effect of effects) {
      const text = effect.type === 'model.sendText' ? effect.text : effect.type === 'model.open' ? effect.recap : null;
      if (text === null) continue;
      if (this.#wrongWord !== null && text.includes(this.#wrongWord)) {
        this.#broken(`the model was told "${this.#wrongWord}", which is not what was known of the call`);
      }
      if (text.includes('{{')) this.#broken('the model was told a placeholder');
    }
  }

  /** Everything is over: every caller has got an answer. */
  checkEnd(): void {
    if (this.#isBounded && this.#rings.size > 0) this.#broken('a caller got no answer');
  }
}

/** What the defaults say although the server was in time, or what it said although it was not. */
function wrongWord(scenario: WorldScenario, faults: FaultPlan): string | null {
  const known = scenario.context?.['customer'];
  // A process that ends answers the calls that ring with what it knows, and one without a journal cannot tell the next one.
  if (known === undefined || faults.hasOutage || faults.has('drain')) return null;
  const answering = answerAboutCall(scenario, faults);
  const isRight = answering?.body === JSON.stringify(scenario.context);
  const afterMs = answering?.afterMs ?? Infinity;
  if (Math.abs(afterMs - contextMsMax) < fringeMs) return null;
  return isRight && afterMs < contextMsMax ? contextDefault : known;
}

/** What the simulated agent says of a caller whom nobody knows. */
export const contextDefault = 'our customer';
