import { expect, test } from 'vitest';
import { EchoGate } from '../../../src/audio/voice/echo-gate.ts';

test('nothing is expected back of a pause', () => {
  const gate = new EchoGate();
  expect(gate.expectedDb(-300)).toBe(-84);
});

test('what is played may come back for half a second, softer', () => {
  const gate = new EchoGate();
  const first = gate.expectedDb(-20);
  expect(first).toBeLessThan(-34);
  const later = Array.from({ length: 25 }, () => gate.expectedDb(-300));
  expect(later.slice(0, 24)).toEqual(Array.from({ length: 24 }, () => first));
  expect(later[24]).toBe(-84);
});

test('once the loudest of what was played is too long ago, the loudest of the rest counts', () => {
  const gate = new EchoGate();
  const first = gate.expectedDb(-10);
  const played = Array.from({ length: 60 }, (_, frame) => gate.expectedDb(frame === 30 ? -15 : -20 - (frame % 7)));
  expect(played.slice(0, 24)).toEqual(Array.from({ length: 24 }, () => first));
  expect(played[24]).toBe(first - 10);
  expect(played.slice(30, 55)).toEqual(Array.from({ length: 25 }, () => first - 5));
  expect(played[55]).toBe(first - 10);
});

test('how much softer an echo is gets learned, and never that it is as loud as the caller', () => {
  const quiet = new EchoGate();
  const loud = new EchoGate();
  const caller = new EchoGate();
  for (let frame = 0; frame < 3_000; frame++) {
    for (const [gate, nearDb] of [
      [quiet, -55],
      [loud, -34],
      [caller, -18],
    ] as const) {
      gate.expectedDb(-20);
      gate.learn(nearDb);
    }
  }
  // 4 dB over the echo.
  expect(quiet.expectedDb(-20)).toBeCloseTo(-51, 0);
  expect(loud.expectedDb(-20)).toBeCloseTo(-30, 0);
  expect(caller.expectedDb(-20)).toBeCloseTo(-28, 0);
});
