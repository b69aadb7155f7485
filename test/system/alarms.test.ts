import { expect, test } from 'vitest';
import { type MachineTimers, SharedAlarms } from '../../src/system/alarms.ts';

/** A machine whose timers pass, whose sockets are read, and which then does what waited for that. */
class Machine implements MachineTimers {
  readonly #pending = new Set<{ readonly dueMs: number; readonly pass: () => void }>();
  #afterReading: (() => void)[] = [];
  #nowMs = 0;

  nowMs(): number {
    return this.#nowMs;
  }

  after(ms: number, pass: () => void): { cancel(): void } {
    const pending = { dueMs: this.#nowMs + ms, pass };
    this.#pending.add(pending);
    return { cancel: () => void this.#pending.delete(pending) };
  }

  afterReading(fire: () => void): void {
    this.#afterReading.push(fire);
  }

  get timers(): number {
    return this.#pending.size;
  }

  /** One turn of the event loop at this time. `read` is what it reads from sockets, which may take time. */
  turn(nowMs: number, read: () => void = () => {}): void {
    this.#nowMs = nowMs;
    for (const pending of this.#pending) {
      if (pending.dueMs > nowMs) continue;
      this.#pending.delete(pending);
      pending.pass();
    }
    read();
    const waiting = this.#afterReading;
    this.#afterReading = [];
    for (const fire of waiting) fire();
  }

  /** A turn at this time, in which a timer passes that is due a moment later, as those of Node may. */
  passEarly(nowMs: number): void {
    this.#nowMs = nowMs;
    const early = [...this.#pending];
    this.#pending.clear();
    for (const { pass } of early) pass();
  }

  /** So many turns, one in each ms. */
  turns(ms: number): void {
    for (let passed = 0; passed < ms; passed += 1) this.turn(this.#nowMs + 1);
  }

  spend(ms: number): void {
    this.#nowMs += ms;
  }
}

/** Alarms of one machine, and when which of them fired. */
function bench() {
  const machine = new Machine();
  const alarms = new SharedAlarms(machine);
  const fired: string[] = [];
  const alarm = (name: string, then = (): void => {}) =>
    alarms.alarm(() => {
      fired.push(`${name} ${machine.nowMs()}`);
      then();
    });
  return { machine, alarm, fired };
}

test('each fires once, at its time, and those that are due together in the order of their times', () => {
  const { machine, alarm, fired } = bench();
  const [first, second, third] = [alarm('first'), alarm('second'), alarm('third')];
  first.set(300);
  second.set(99.5);
  third.set(200);
  machine.turns(150);
  expect(fired).toEqual(['second 100']);
  machine.turn(900);
  expect(fired).toEqual(['second 100', 'third 900', 'first 900']);
  machine.turns(100);
  expect([fired.length, machine.timers]).toEqual([3, 0]);
});

test('one that is moved fires at the new time alone, earlier or later, and one that is cancelled not at all', () => {
  const { machine, alarm, fired } = bench();
  const [moved, cancelled, hurried] = [alarm('moved'), alarm('cancelled'), alarm('hurried')];
  for (const each of [moved, cancelled, hurried]) each.set(100);
  moved.set(400);
  hurried.set(50);
  cancelled.cancel();
  cancelled.cancel();
  expect([moved, cancelled, hurried].map(({ isSet }) => isSet)).toEqual([true, false, true]);
  machine.turns(1_000);
  expect(moved.isSet).toBe(false);
  expect(fired).toEqual(['hurried 50', 'moved 400']);
});

test('those that are due soon one after another fire together, 5 ms after the one before', () => {
  const { machine, alarm, fired } = bench();
  for (const dueMs of [100, 101, 103, 104, 108]) alarm('one').set(dueMs);
  machine.turns(104);
  expect(fired).toEqual(['one 100']);
  // An earlier one makes no difference.
  alarm('hurried').set(0);
  machine.turns(100);
  expect(fired).toEqual(['one 100', 'one 105', 'one 105', 'one 105', 'hurried 105', 'one 110']);
});

test('one for which the machine is too early waits no longer for that', () => {
  const { machine, alarm, fired } = bench();
  alarm('one').set(100.5);
  machine.passEarly(100);
  machine.turns(2);
  expect(fired).toEqual(['one 101']);
});

test('there is one timer at most, and none when none is set', () => {
  const { machine, alarm } = bench();
  const alarms = Array.from({ length: 50 }, (_, at) => alarm(`${at}`));
  for (const [at, each] of alarms.entries()) each.set(100 + ((at * 37) % 50));
  expect(machine.timers).toBe(1);
  machine.turns(120);
  expect(machine.timers).toBe(1);
  for (const each of alarms) each.cancel();
  expect(machine.timers).toBe(0);
});

test('one whose time passes while the machine reads what has arrived waits until what arrived by then was read, too', () => {
  const { machine, alarm, fired } = bench();
  alarm('first').set(100);
  alarm('second').set(300);
  machine.turn(100, () => machine.spend(500));
  expect(fired).toEqual(['first 600']);
  machine.turn(600, () => machine.spend(50));
  expect(fired).toEqual(['first 600', 'second 650']);
});

test('so does one that is set anew for at once, also while its old time passes', () => {
  const { machine, alarm, fired } = bench();
  const again = alarm('again', () => fired.length < 2 && again.set(0));
  const moved = alarm('moved');
  again.set(100);
  moved.set(100);
  machine.turn(100, () => moved.set(0));
  expect(fired).toEqual(['again 100']);
  machine.turns(6);
  expect(fired).toEqual(['again 100', 'again 105', 'moved 105']);
});

test('one that fires may cancel and move others that are due with it', () => {
  const { machine, alarm, fired } = bench();
  const [cancelled, moved] = [alarm('cancelled'), alarm('moved')];
  alarm('first', () => {
    cancelled.cancel();
    moved.set(70);
  }).set(10);
  cancelled.set(20);
  moved.set(30);
  machine.turn(30);
  machine.turns(1_000);
  expect(fired).toEqual(['first 30', 'moved 100']);
});

test('one that throws takes no other with it', () => {
  const { machine, alarm, fired } = bench();
  const broken = alarm('broken', () => {
    throw new Error('It broke.');
  });
  broken.set(10);
  alarm('other').set(20);
  expect(() => machine.turn(10)).toThrow('It broke.');
  machine.turns(1_000);
  expect(fired).toEqual(['broken 10', 'other 20']);
});
