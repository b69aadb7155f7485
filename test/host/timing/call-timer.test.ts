import { describe, expect, test } from 'vitest';
import { Timers } from '../../../src/call/timers.ts';
import { CallTimer } from '../../../src/host/timing/call-timer.ts';
import { VirtualClock } from '../../../src/sim/driver/virtual-clock.ts';
import type { Timer } from '../../../src/system/clock.ts';
import { passTime } from '../../virtual-time.ts';

/** A virtual clock that counts what is done with its timers. */
class CountingClock extends VirtualClock {
  armed = 0;
  cancelled = 0;

  override after(ms: number, fire: () => void): Timer {
    this.armed += 1;
    const timer = super.after(ms, fire);
    return {
      cancel: () => {
        this.cancelled += 1;
        timer.cancel();
      },
    };
  }
}

function timedCall() {
  const clock = new CountingClock(0);
  const call: { deadlineMs: number | null; readonly soonestMs: number; readonly nowMs: number } = {
    deadlineMs: null,
    get soonestMs() {
      return this.deadlineMs ?? -Infinity;
    },
    get nowMs() {
      return clock.nowMs();
    },
  };
  const ticks: { readonly atMs: number; readonly lateMs: number }[] = [];
  const timer = new CallTimer(clock, call, (lateMs) => {
    ticks.push({ atMs: clock.nowMs(), lateMs });
    call.deadlineMs = null;
  });
  return { clock, call, ticks, timer };
}

describe("a call's timer", () => {
  test('is left alone while its deadline moves on, and armed anew when it fires', () => {
    const { clock, call, ticks, timer } = timedCall();
    for (let frame = 0; frame < 1_000; frame += 1) {
      call.deadlineMs = clock.nowMs() + 300;
      timer.arm();
      passTime(clock, 20);
    }
    expect([ticks.length, clock.cancelled]).toEqual([0, 0]);
    expect(clock.armed).toBeLessThan(75);
    passTime(clock, 1_000);
    expect(ticks).toEqual([{ atMs: 19_980 + 300, lateMs: 0 }]);
  });

  test('is moved when the deadline comes nearer', () => {
    const { clock, call, ticks, timer } = timedCall();
    call.deadlineMs = 5_000;
    timer.arm();
    call.deadlineMs = 99.5;
    timer.arm();
    passTime(clock, 10_000);
    expect(ticks).toEqual([{ atMs: 100, lateMs: 0 }]);
    expect(clock.cancelled).toBe(1);
  });

  test('fires in time for a deadline that was put off, and then came nearer again', () => {
    const clock = new CountingClock(0);
    const timers = new Timers();
    const ticksMs: number[] = [];
    const call = {
      get nowMs() {
        return clock.nowMs();
      },
      get deadlineMs() {
        return timers.next()?.atMs ?? null;
      },
      get soonestMs() {
        return timers.soonestMs;
      },
    };
    const timer = new CallTimer(clock, call, () => {
      ticksMs.push(clock.nowMs());
      timers.takeDue(clock.nowMs());
      timer.arm();
    });
    for (const [name, atMs] of [
      ['callerSilence', 300],
      ['callerSilence', 900],
      ['idle', 700],
      ['callerSilence', 650.5],
      ['callerSilence', 800],
    ] as const) {
      timers.set(name, atMs);
      timer.arm();
      passTime(clock, 20);
    }
    passTime(clock, 2_000);
    expect([ticksMs, clock.nextDueMs]).toEqual([[700, 800], null]);
  });

  test('is none when nothing is waited for', () => {
    const { clock, call, ticks, timer } = timedCall();
    call.deadlineMs = 100;
    timer.arm();
    call.deadlineMs = null;
    timer.arm();
    passTime(clock, 1_000);
    expect([ticks.length, clock.nextDueMs]).toEqual([0, null]);
  });

  test('says how late it is, if that is worth a word', () => {
    const { clock, call, ticks, timer } = timedCall();
    for (const lateMs of [10, 11, 400]) {
      call.deadlineMs = clock.nowMs() + 100;
      timer.arm();
      clock.moveTo(clock.nowMs() + 100 + lateMs);
      clock.fireNext();
    }
    expect(ticks.map(({ lateMs }) => lateMs)).toEqual([0, 11, 400]);
  });

  test('does not say that time has passed for a deadline which was moved after it was armed, even if that has passed too', () => {
    const { clock, call, ticks, timer } = timedCall();
    call.deadlineMs = 300;
    timer.arm();
    // The process is busy: it reads a frame at 310, and looks at its timers at 800.
    clock.moveTo(800);
    call.deadlineMs = 610;
    clock.fireNext();
    expect([ticks.length, clock.nextDueMs]).toEqual([0, 800]);
    // What had arrived is read first.
    call.deadlineMs = 1_100;
    clock.fireNext();
    passTime(clock, 1_000);
    expect(ticks).toEqual([{ atMs: 1_100, lateMs: 0 }]);
  });
});
