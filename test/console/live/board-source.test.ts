import { expect, test } from 'vitest';
import type { Board, BoardChange, BoardSummary } from '../../../src/console/live/board.ts';
import { BoardSource } from '../../../src/console/live/board-source.ts';
import { OneCallSource } from '../../../src/console/live/one-call-source.ts';
import type { LiveCallView } from '../../../src/console/live/picture/live-call.ts';
import { LiveScene } from './recorded-calls.ts';

function board(scene: LiveScene) {
  const load = { calls: 0, callsMax: 10, modelSessions: 0, isDraining: false };
  const summary = (): BoardSummary => ({ load, day: scene.calls.day, problems: [] });
  const source = new BoardSource({ calls: scene.calls, summary, unixMs: () => scene.nowMs });
  return { source, change: (): BoardChange | null => JSON.parse(source.change() ?? 'null'), load };
}

test('the board tells the calls that changed, and those only', () => {
  const scene = new LiveScene();
  const { source, change } = board(scene);
  const one = scene.begins('lookup', 'CA1').until(({ type }) => type === 'model.opened');
  scene.begins('lookup', 'CA2').until(({ type }) => type === 'model.opened');
  const { calls, summary }: Board = JSON.parse(source.snapshot());
  expect(calls.map(({ callSid }) => callSid)).toEqual(['CA1', 'CA2']);
  expect(summary.day.calls).toBe(2);
  change();
  expect(change()).toBeNull();
  one.until(({ type }) => type === 'model.agentTranscript');
  expect(change()).toMatchObject({ calls: [{ callSid: 'CA1' }], ended: [] });
});

test('that somebody falls silent is a change, though nothing happens', () => {
  const scene = new LiveScene();
  const { change } = board(scene);
  scene.begins('lookup').until((_, effects) => effects.some(({ type }) => type === 'stream.media'));
  expect(change()).toMatchObject({ calls: [{ speaks: 'agent' }] });
  expect(change()).toBeNull();
  scene.nowMs += 60_000;
  expect(change()).toMatchObject({ calls: [{ speaks: 'nobody' }] });
});

test('a call that ends is told as ended, also one that came and went between two looks', () => {
  const scene = new LiveScene();
  const { source, change } = board(scene);
  change();
  const one = scene.begins('lookup', 'CA1').until(({ type }) => type === 'model.opened');
  change();
  one.toTheEnd();
  scene.begins('end-call', 'CA2').toTheEnd();
  const told = change();
  expect(told?.calls).toEqual([]);
  expect(told?.ended.map(({ callSid, end }) => [callSid, end?.outcome])).toEqual([
    ['CA1', 'callerHungUp'],
    ['CA2', 'agentHungUp'],
  ]);
  expect(told?.summary?.day.byOutcome).toEqual({ callerHungUp: 1, agentHungUp: 1 });
  expect(change()).toBeNull();
  const { calls, ended }: Board = JSON.parse(source.snapshot());
  expect([calls.length, ended.map(({ callSid }) => callSid)]).toEqual([0, ['CA2', 'CA1']]);
});

test('a summary is told when it changes', () => {
  const { change, load } = board(new LiveScene());
  change();
  expect(change()).toBeNull();
  load.calls = 1;
  expect(change()).toMatchObject({ summary: { load: { calls: 1 } } });
});

test('one call opened tells its new items, and the row with them', () => {
  const scene = new LiveScene();
  const call = scene.begins('lookup').until(({ type }) => type === 'model.opened');
  const watched = scene.calls.find('CA1');
  if (watched === null) throw new RangeError('There is no call.');
  const source = new OneCallSource(watched.picture);
  const change = (): LiveCallView | null => JSON.parse(source.change() ?? 'null');
  change();
  expect(change()).toBeNull();
  call.until(({ type }) => type === 'model.agentTranscript');
  expect(change()).toMatchObject({ call: { callSid: 'CA1' }, items: [{ kind: 'words', text: 'These are ' }] });
  call.toTheEnd();
  expect(change()).toMatchObject({ call: { stage: 'ended' } });
  expect(JSON.parse(source.snapshot())).toMatchObject({
    forgotten: 0,
    items: { length: 5 },
    destinations: ['support'],
  });
});
