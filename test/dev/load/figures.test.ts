import { describe, expect, test } from 'vitest';
import { TalkFigures } from '../../../dev/load/ends/talk-figures.ts';
import { frameOfNumber, HeardAudio } from '../../../dev/load/ends/heard-audio.ts';
import { callerSpeaksAt, isCutOff, turnAt, turnMs } from '../../../dev/load/ends/timetable.ts';
import { TripTimes, tripsOf } from '../../../dev/load/ends/trip-times.ts';

describe('trips', () => {
  test('are counted once for each time that a number was sent', () => {
    const trips = new TripTimes(4);
    for (const number of [0, 1, 2, 3]) trips.sent(number, 10 * number);
    trips.came(1, 15);
    trips.came(1, 16);
    trips.came(0, 40);
    trips.sent(5, 50);
    trips.came(1, 52);
    expect(trips.tripsMs).toEqual([5, 40, 2]);
  });

  test('that are under way when the count begins anew belong to what comes', () => {
    const trips = new TripTimes(4);
    trips.sent(0, 0);
    trips.startOver();
    trips.came(0, 9);
    expect(trips.tripsMs).toEqual([9]);
  });

  test('of all calls have their median, their 99th percentile, and their longest', () => {
    const tripsMs = Array.from({ length: 101 }, (_, at) => at);
    expect(tripsOf([tripsMs.slice(50), tripsMs.slice(0, 50)])).toEqual({
      p50Ms: 50,
      p99Ms: 99,
      maxMs: 100,
      count: 101,
    });
    expect(tripsOf([]).p99Ms).toBeNaN();
  });
});

describe('what a model heard', () => {
  test('is as much as was spoken, whatever is under way at either end', () => {
    const heard = new HeardAudio();
    for (const frame of [5, 6, 7]) heard.came(20, [frame]);
    expect(heard.share).toBe(1);
  });

  test('is more where silence was put in, and less where frames are missing', () => {
    const heard = new HeardAudio();
    heard.came(20, [0]);
    heard.came(40, [null, null]);
    heard.came(40, [1, 2]);
    expect(heard.share).toBe(2);
    heard.startOver();
    expect(heard.share).toBeNaN();
    heard.came(40, [10, 13]);
    expect(heard.share).toBeCloseTo(1 / 3);
  });

  test('is known by the latest frame of its number', () => {
    expect(frameOfNumber(3, 4, 1_024)).toBe(3);
    expect(frameOfNumber(3, 2_060, 1_024)).toBe(2_051);
    expect(frameOfNumber(20, 2_060, 1_024)).toBe(1_044);
  });
});

describe('an interruption', () => {
  test('is on its way until its clear comes', () => {
    const figures = new TalkFigures();
    figures.interrupted(100);
    expect([figures.isUnclearSince(99), figures.isUnclearSince(100)]).toEqual([false, true]);
    figures.cleared(104);
    expect([figures.isUnclearSince(200), figures.clearTripsMs, figures.unclear]).toEqual([false, [4], 0]);
  });

  test('has no clear when the model must interrupt again', () => {
    const figures = new TalkFigures();
    figures.interrupted(0);
    figures.interrupted(15_000);
    expect(figures.unclear).toBe(1);
  });
});

describe('the timetable of a talk', () => {
  test('has the agent begin a turn every five seconds', () => {
    expect([0, 2 * turnMs - 1, 2 * turnMs, 4 * turnMs].map(turnAt)).toEqual([0, 0, 1, 2]);
  });

  test('has the model cut off every third turn, before which the caller says nothing', () => {
    const turns = [1, 2, 3, 4, 5, 6];
    expect(turns.map(isCutOff)).toEqual([false, false, true, false, false, true]);
    expect(turns.map((turn) => callerSpeaksAt(beginMs(turn) + 3_100))).toEqual([true, false, true, true, false, true]);
  });

  test('has the caller speak when the agent is done, and pause before the next turn', () => {
    const speech = [100, 3_100, 4_500].map((ms) => callerSpeaksAt(beginMs(1) + ms));
    expect(speech).toEqual([false, true, false]);
  });
});

/** When a turn begins. */
function beginMs(turn: number): number {
  return 2 * turnMs * turn;
}
