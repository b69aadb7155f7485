import { expect, test } from 'vitest';
import { handedOverUnheard } from './deploys.ts';
import { playFleet, silenceMs, toolsTwice, wentOn } from './fleet-dialogue.ts';

test('200 deploys cut no call off and fail no webhook', { timeout: 600_000 }, () => {
  expect(handedOverUnheard(1, 200)).toBeGreaterThan(100);
});

test('calls of a process that is killed go on elsewhere, with all that was said', { timeout: 600_000 }, () => {
  const calls = Array.from({ length: 200 }, (_, index) =>
    playFleet(
      index + 1,
      1,
      (atMs) => ({ fault: 'serviceKilled', atMs, downMs: 3_000, meanwhile: 'refused' }),
      index % 2 === 0,
    ),
  );
  const struck = calls.filter(({ played, struckAtMs: [atMs = 0] }) => atMs < played.call.callMs);
  expect(struck.length).toBeGreaterThan(150);
  const lost = struck.filter((call) => !wentOn(call) || call.ignorant > 0);
  expect(lost.map(({ seed, played }) => [seed, ...played.call.broken]).length).toBeLessThanOrEqual(struck.length / 100);
  expect(struck.reduce((sum, call) => sum + toolsTwice(call), 0)).toBe(0);
  const silences = struck.flatMap((call) => silenceMs(call, call.struckAtMs[0] ?? 0) ?? []).toSorted((a, b) => a - b);
  expect(silences.length).toBeGreaterThan(150);
  expect(silences[Math.floor(silences.length * 0.95)]).toBeLessThanOrEqual(4_000);
});
