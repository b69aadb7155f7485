import { expect, test } from 'vitest';
import { VirtualClock } from '../../../src/sim/driver/virtual-clock.ts';
import { Journal } from '../../../src/store/journal.ts';
import type { JournalAnswer } from '../../../src/store/journal-job.ts';
import { LogLines } from '../../log-lines.ts';
import { passTime } from '../../virtual-time.ts';
import { parties, saidLine } from '../journal-scene.ts';

// A process that stood still learns two things at once when it goes on: that the store took its entries, and that this was long ago. Meanwhile
// another process may have taken the call over. What changes something outside is not done on the word of such an answer.

const written: JournalAnswer = { kind: 'written', refusedHolds: [] };

test.for([
  ['5 s after the store was asked proves who has the call', 5_000, true],
  ['later does not', 5_001, false],
] as const)('an answer %s', ([, afterMs, isKept]) => {
  const { clock, journal, answers } = asked();
  const record = journal.accept('CA1', parties, () => {});
  const told: boolean[] = [];
  journal.settled('CA1', (kept) => told.push(kept));
  // The process stands still: time passes, and nothing that is due happens.
  clock.moveTo(clock.nowMs() + afterMs);
  answers.shift()?.(written);
  expect(told).toEqual([isKept]);
  // The next entry is asked about anew.
  record.append(saidLine('hello'));
  journal.settled('CA1', (kept) => told.push(kept));
  answers.shift()?.(written);
  expect(told).toEqual([isKept, true]);
});

test('a machine that was suspended is known by the time of day', () => {
  const { clock, journal, answers } = asked();
  journal.accept('CA1', parties, () => {});
  const told: boolean[] = [];
  journal.settled('CA1', (kept) => told.push(kept));
  clock.suspendedMs = 60_000;
  answers.shift()?.(written);
  expect(told).toEqual([false]);
});

test('an entry that the store could never take proves nothing', () => {
  const { journal, answers, log } = asked();
  const record = journal.accept('CA1', parties, () => {});
  const told: boolean[] = [];
  for (const why of ['too long', 'too deep']) {
    journal.settled('CA1', (kept) => told.push(kept));
    answers.shift()?.({ ...written, unfit: [why] });
    record.append(saidLine('hello'));
  }
  journal.settled('CA1', (kept) => told.push(kept));
  answers.shift()?.(written);
  expect(told).toEqual([false, false, true]);
  expect(log.named('journalRefuses')).toMatchObject([{ why: 'too long' }]);
  expect(journal.state.droppedEntries).toBe(2);
});

/** The clock of a machine whose own time stands still while it is suspended. */
class SuspendedClock extends VirtualClock {
  suspendedMs = 0;

  override unixMs(): number {
    return super.unixMs() + this.suspendedMs;
  }
}

/** A journal whose store answers when a test says so. It is open. */
function asked() {
  const clock = new SuspendedClock(Date.UTC(2026, 0, 1));
  const answers: ((answer: JournalAnswer) => void)[] = [];
  const open = () => ({
    ask: (_job: unknown, done: (answer: JournalAnswer) => void) => void answers.push(done),
    stop: () => {},
  });
  const log = new LogLines();
  const journal = new Journal({ open, clock, log: log.logger });
  answers.shift()?.(written);
  passTime(clock, 1_000);
  return { clock, journal, answers, log };
}
