import type { Alarm } from '../../system/alarms.ts';
import type { Clock } from '../../system/clock.ts';

/** Alarms share a timer, and are some 6 ms late on any machine. What is not later than this was in time. */
const punctualMs = 10;

/** What a timer asks of its call, in ms since the call began. */
interface TimedCall {
  readonly nowMs: number;
  /** When the call must be looked at next; null for not at all. */
  readonly deadlineMs: number | null;
  /** `deadlineMs` is not earlier than this; -Infinity when that is not known. */
  readonly soonestMs: number;
}

/**
 * The one timer of a call. One that is armed too early is left alone, and looks again when it fires, because most deadlines are moved before
 * they are due.
 */
export class CallTimer {
  readonly #alarm: Alarm;
  readonly #call: TimedCall;
  readonly #onDue: (lateMs: number) => void;
  #armedForMs = 0;
  /** The deadline for which it was armed. */
  #armedDeadlineMs = 0;

  /** `onDue`: the deadline has come, and all that had arrived `lateMs` ago was handled; 0 when the timer was in time. */
  constructor(clock: Pick<Clock, 'alarm'>, call: TimedCall, onDue: (lateMs: number) => void) {
    this.#alarm = clock.alarm(() => this.#look());
    this.#call = call;
    this.#onDue = onDue;
  }

  /** Sees to it that the next deadline is not missed. */
  arm(): void {
    // So it is after nearly each event.
    if (this.#alarm.isSet && this.#armedDeadlineMs <= this.#call.soonestMs) return;
    const { deadlineMs } = this.#call;
    if (deadlineMs === null) return this.cancel();
    if (this.#alarm.isSet && this.#armedForMs <= deadlineMs) return;
    const { nowMs } = this.#call;
    // Rounded up, because an early tick does nothing, and the next one would follow at once.
    const waitMs = Math.max(0, Math.ceil(deadlineMs - nowMs));
    this.#armedForMs = nowMs + waitMs;
    this.#armedDeadlineMs = deadlineMs;
    this.#alarm.set(waitMs);
  }

  cancel(): void {
    this.#alarm.cancel();
  }

  /** A deadline that was moved meanwhile gets an alarm of its own, even if it has passed: what came before it may still lie unread. */
  #look(): void {
    const { deadlineMs, nowMs } = this.#call;
    if (deadlineMs === null || deadlineMs > this.#armedForMs) return this.arm();
    const lateMs = nowMs - this.#armedForMs;
    this.#onDue(lateMs > punctualMs ? lateMs : 0);
  }
}
