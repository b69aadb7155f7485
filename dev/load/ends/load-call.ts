import { spokenNumber } from '../../../src/agents/context/spoken-number.ts';
import type { HttpAnswer } from '../../../src/sim/carrier/carrier-events.ts';
import { SiegeLine } from '../../siege/siege-line.ts';
import { TalkFigures } from './talk-figures.ts';
import { TalkingModel } from './talking-model.ts';
import { TalkingPhone } from './talking-phone.ts';
import { timetableMs } from './timetable.ts';
import type { WireEnd } from './wire-end.ts';

/** Numbers that belong to nobody: 555-0100 to 555-0199 in each area. */
const fictionalPerArea = 100;
const firstArea = 201;

/** Twilio waits so long for an answer (TW-HOOK-2). */
const answerMsMax = 15_000;

/** Calls do not begin in step: each is so much of the whole timetable further than the one before. */
const phaseShare = 0.618;

/** Both ends of a call that is at load. */
export class LoadCall {
  readonly figures = new TalkFigures();
  readonly callSid: string;
  /** How a bridge tells its model who calls. */
  readonly spokenFrom: string;
  readonly #line: SiegeLine;
  readonly #phone: TalkingPhone;
  readonly #model: TalkingModel;
  readonly #phaseMs: number;
  #beginsMs = Number.NaN;

  /** A call to the bridge on this port. `number`: how many calls of this process came before it. */
  constructor(port: number, number: number) {
    const from = fictionalNumber(number);
    this.spokenFrom = spokenNumber(from) ?? '';
    this.#line = new SiegeLine(port, { from, answerMsMax });
    this.callSid = this.#line.callSid;
    this.#phone = new TalkingPhone(this.#line, port, this.figures);
    this.#model = new TalkingModel(number, this.figures, () => this.#phone.frames);
    this.#phaseMs = ((number * phaseShare) % 1) * timetableMs;
  }

  /** Whether the bridge has taken the call. */
  get isTaken(): boolean {
    return this.#line.isTaken;
  }

  /** Places the call. One that is not taken is broken. */
  async place(): Promise<void> {
    const answer = await this.ring();
    if (this.isTaken) await this.open();
    else this.figures.broke(`it was not taken, but answered with ${answer?.status ?? 'nothing'}`);
  }

  /** Asks for the call. Resolves to the answer; null when there is none. */
  async ring(): Promise<HttpAnswer | null> {
    return this.#line.ring();
  }

  /** The call was taken: its stream is opened, and the talk begins. When the stream is refused, the call is broken. */
  async open(): Promise<void> {
    try {
      await this.#phone.open();
      this.#beginsMs = performance.now();
    } catch (error) {
      this.figures.broke(String(error));
    }
  }

  /** The caller hangs up, and the bridge is told so. */
  async hangUp(): Promise<void> {
    this.#phone.leave();
    this.#model.leave();
    await this.#line.hangUp();
  }

  /** The bridge has opened a model session for this call. */
  takeSession(wire: WireEnd): void {
    this.#model.takeSession(wire);
  }

  /** Sends what is due by now, at both ends. */
  sendDue(nowMs: number): void {
    if (Number.isNaN(this.#beginsMs) || this.figures.broken !== '') return;
    const sinceMs = nowMs - this.#beginsMs + this.#phaseMs;
    this.#phone.sendDue(nowMs, sinceMs);
    this.#model.sendDue(sinceMs);
  }
}

function fictionalNumber(number: number): string {
  const area = firstArea + Math.floor(number / fictionalPerArea);
  return `+1${area}55501${String(number % fictionalPerArea).padStart(2, '0')}`;
}
