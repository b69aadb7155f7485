import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { callFingerprint } from '../../../dev/turns/material/call-fingerprint.ts';
import { drawCall } from '../../../dev/turns/material/turns-call.ts';
import { turnRows } from '../../../dev/turns/material/turn-rows.ts';

test('the held-out calls are those that were set aside', () => {
  const sums = turnRows.map((row) => `${callFingerprint(drawCall(row, 'held-out', 1))}  ${row.name}`);
  expect(`${sums.join('\n')}\n`).toBe(readFileSync('fixtures/audio/voices/held-out-calls.sha256', 'utf8'));
});

test('the same order gives the same call, and another seed another one', () => {
  const [row] = turnRows;
  if (row === undefined) throw new Error('There are no rows.');
  const [first, again, other] = [1, 1, 2].map((seed) => callFingerprint(drawCall(row, 'tuned', seed)));
  expect(again).toBe(first);
  expect(other).not.toBe(first);
});

test('caller, agent and whoever is around are different voices', () => {
  for (const row of turnRows.filter(({ happening }) => happening.type === 'others')) {
    const { callerVoice, agentVoice, events } = drawCall(row, 'tuned', 3);
    expect(callerVoice).not.toBe(agentVoice);
    expect(events.map(({ name }) => name.split(' ')[0])).not.toContain(callerVoice);
  }
});
