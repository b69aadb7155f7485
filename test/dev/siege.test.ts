import { describe, expect, test } from 'vitest';
import type { CallHealth } from '../../dev/siege/peers/peers-orders.ts';
import { SignedFrames, toneFrames } from '../../dev/siege/peers/signed-frames.ts';
import { siegeGroups } from '../../dev/siege/siege-groups.ts';
import { siegeTotal } from '../../dev/siege/siege-report.ts';
import {
  delaysBeyond,
  delaysOf,
  isMeasured,
  lossesOf,
  type SiegeSight,
  type SiegeVerdict,
} from '../../dev/siege/siege-verdict.ts';

const hertz = 8_000;
const frames = toneFrames(hertz);

test('a siege has more than sixty kinds of abuse, each with a name of its own', () => {
  const names = siegeGroups.flatMap(({ kinds }) => kinds.map(({ name }) => name));
  expect(names.length).toBeGreaterThan(60);
  expect(new Set(names).size).toBe(names.length);
});

test('a siege counts what there was', () => {
  expect(totalOf('PASS', 'PASS')).toBe('2 kinds of abuse: 2 passed.');
  expect(totalOf('void', 'PASS', 'FAIL')).toBe('3 kinds of abuse: 1 passed, 1 failed, 1 void.');
});

describe('frames that are signed by tones', () => {
  test('tell how long each was on its way', () => {
    const signed = new SignedFrames();
    for (const atMs of [0, 20, 40]) expect(receive(signed, signed.send(atMs), atMs + 5)).toBe(0);
    expect(signed.trips).toEqual([5, 5, 5]);
    expect(signed.waitingSinceMs).toBe(Infinity);
  });

  test('tell which ones are lost, and which ones may still come', () => {
    const signed = new SignedFrames();
    const tones = [0, 20, 40, 60].map((atMs) => signed.send(atMs));
    receive(signed, tones[0], 30);
    expect(receive(signed, tones[2], 70)).toBe(1);
    expect(signed.trips).toEqual([30, 30]);
    expect(signed.waitingSinceMs).toBe(60);
  });

  // A service that has stood still for some 100 ms has several frames of the agent to send, and sends them as one. Each of those counted as
  // lost but one, so on a busy machine a service was blamed that had lost nothing.
  test('are each known in a message that has several', () => {
    const signed = new SignedFrames();
    const together = [0, 20, 40].flatMap((atMs) => [...(frames[signed.send(atMs)] ?? [])]);
    signed.receive(Uint8Array.from(together), hertz, 50);
    expect([signed.trips, signed.lost]).toEqual([[50, 30, 10], 0]);
  });

  // Of such frames it keeps back what the phone has no room for yet, and drops it when the interruption comes that was sent behind them.
  test('are not lost when they are dropped for an interruption', () => {
    const signed = new SignedFrames();
    const tones = [0, 0, 0].map((atMs) => signed.send(atMs));
    signed.interrupt();
    const next = signed.send(0);
    receive(signed, tones[0], 20);
    signed.interrupted();
    expect([receive(signed, next, 30), signed.trips, signed.waitingSinceMs]).toEqual([0, [20, 30], Infinity]);
  });

  test('are told from silence that somebody else puts between them', () => {
    const signed = new SignedFrames();
    signed.send(0);
    signed.receive(new Uint8Array(320), hertz, 10);
    expect(signed.trips).toEqual([]);
    expect(signed.waitingSinceMs).toBe(0);
  });

  test('count anew when that is asked for, without what is on its way', () => {
    const signed = new SignedFrames();
    const [, second] = [signed.send(0), signed.send(20)];
    receive(signed, second, 25);
    signed.startOver();
    expect([signed.trips, signed.lost]).toEqual([[], 0]);
  });
});

describe('an attack', () => {
  const quiet = delaysOf([1, 2, 30]);

  test('that nobody noticed is no loss and no delay', () => {
    expect(lossesOf(sight())).toEqual([]);
    expect(delaysBeyond(sight({ tripsMs: [...Array.from({ length: 200 }, () => 1), 50, 180] }), quiet)).toEqual([]);
  });

  test.for([
    ['the process died', sight({ broken: 'its stream was closed with 1006' }, { peakMb: null })],
    ['the call broke: it stands still', sight({ broken: 'it stands still' })],
    ['3 frames lost', sight({ lost: 3 })],
    ['301 MB', sight({}, { peakMb: 301 })],
  ] as const)('has hurt somebody when %s', ([said, seen]) => {
    expect(lossesOf(seen)).toEqual([said]);
  });

  test.for([
    ['late at p99', [...Array.from({ length: 97 }, () => 1), 51, 51, 51]],
    ['late once', [...Array.from({ length: 200 }, () => 1), 181]],
  ] as const)('has made the call %s', ([said, tripsMs]) => {
    expect(delaysBeyond(sight({ tripsMs }), quiet)).toEqual([said]);
  });

  test('through which nothing came has made the call late for ever', () => {
    expect(delaysBeyond(sight({ tripsMs: [] }), quiet)).toEqual(['late at p99', 'late once']);
  });

  test('on a busy machine is blamed for what the machine cannot explain, and for no more', () => {
    const late = { tripsMs: Array.from({ length: 100 }, () => 151) };
    expect(delaysBeyond(sight(late, { generatorLateMs: 6 }), quiet)).toEqual(['late at p99']);
    expect(delaysBeyond(sight(late, { generatorLateMs: 11 }), quiet)).toEqual([]);
  });

  test('is not measured when the generator or the other end of the call was late itself', () => {
    expect(isMeasured(sight({ lateMs: 5 }, { generatorLateMs: 5 }))).toBe(true);
    expect(isMeasured(sight({ lateMs: 6 }))).toBe(false);
    expect(isMeasured(sight({}, { generatorLateMs: 6 }))).toBe(false);
  });
});

/** Lets a frame arrive. Returns how many are lost by then. */
function receive(signed: SignedFrames, tone: number | undefined, atMs: number): number {
  signed.receive(frames[tone ?? 0] ?? new Uint8Array(), hertz, atMs);
  return signed.lost;
}

function sight(health: Partial<CallHealth> = {}, more: Partial<SiegeSight> = {}): SiegeSight {
  return {
    health: { tripsMs: [1], lost: 0, broken: '', lateMs: 0, ...health },
    peakMb: 200,
    generatorLateMs: 0,
    ...more,
  };
}

function totalOf(...verdicts: readonly SiegeVerdict[]): string {
  return siegeTotal(verdicts.map((verdict) => ({ verdict })));
}
