import { describe, expect, test } from 'vitest';
import { Takers } from '../../src/fleet/takers.ts';
import type { FleetProcess } from './fleet-scene.ts';
import { FleetScene } from './fleet-scene.ts';

/** Processes that have their leases. */
function fleetOf(scene: FleetScene, size: number): readonly [FleetProcess, FleetProcess, ...FleetProcess[]] {
  const [first, second, ...others] = scene.fleet(size);
  if (first === undefined || second === undefined) throw new RangeError('no process');
  return [first, second, ...others];
}

describe('calls that are sent on', () => {
  test('are spread by the room that others have, and no more than that', () => {
    const takers = new Takers();
    takers.learn([
      { instance: 'a', room: 30 },
      { instance: 'b', room: 10 },
    ]);
    const sent = Array.from({ length: 41 }, (_, call) => takers.take(`CA${call * 7_919}`));
    expect(sent.filter((instance) => instance === 'a')).toHaveLength(30);
    expect(sent.slice(0, 20)).toContain('b');
    expect(sent.indexOf(null)).toBe(40);
    takers.learn([{ instance: 'c', room: 1 }]);
    expect([takers.take('CA1'), takers.take('CA1')]).toEqual(['c', null]);
  });

  test('find what room there is to the last few places, though fifty come in a second', () => {
    const scene = new FleetScene(1_000, 50);
    const [first] = fleetOf(scene, 4);
    const taken = Array.from({ length: 190 }, () => {
      scene.passes(20);
      return scene.offers(first, scene.newCall());
    });
    expect(taken).not.toContain(null);
    expect(Math.max(...scene.processes.map(({ calls }) => calls.size))).toBe(50);
  });

  test('do not come to a process that is late, and do again when it has recovered', () => {
    const scene = new FleetScene(100, 20);
    const [first, second] = fleetOf(scene, 2);
    second.isLate = true;
    scene.passes(2_100);
    scene.fills(first);
    expect(scene.offers(first, 'CA999')).toBeNull();
    second.isLate = false;
    scene.passes(2_600);
    expect(scene.offers(first, 'CA999')).toBe(second);
  });

  test('do not come to a process that is about to end, nor to one without a name', () => {
    const scene = new FleetScene(100, 20);
    const [first, second] = fleetOf(scene, 2);
    scene.starts();
    second.takesCalls = false;
    scene.passes(4_000);
    scene.fills(first);
    expect(scene.offers(first, 'CA999')).toBeNull();
  });

  test('do not come to a process that was taken for dead, until it may take calls again', () => {
    const scene = new FleetScene(100, 20);
    const [first, second] = fleetOf(scene, 2);
    scene.areFetched = false;
    scene.fills(first);
    second.admits('CA998');
    second.isCutOff = true;
    scene.passes(8_100);
    second.isCutOff = false;
    const isBarred = (): boolean =>
      second.room === 0 && scene.leases.leases.some(({ emptiedAtMs }) => emptiedAtMs !== null);
    for (let step = 0; step < 50 && !isBarred(); step += 1) scene.passes(100);
    scene.passes(600);
    expect(isBarred()).toBe(true);
    expect(first.keeper.takerOf('CA999')).toBeNull();
    scene.passes(10_000);
    expect(scene.offers(first, 'CA999')).toBe(second);
  });

  test('do not come to slots that a process is about to give back', () => {
    const scene = new FleetScene(100);
    const [first, second] = fleetOf(scene, 2);
    scene.fills(first);
    scene.passes(600);
    expect(scene.leases.leases.find(({ instance }) => instance === second.instance)?.slots).toBe(50);
    const sent = Array.from({ length: 50 }, () => first.keeper.takerOf(scene.newCall()));
    expect(sent.filter((instance) => instance === second.instance)).toHaveLength(25);
  });

  test('reach a survivor where the one that was to take them is gone', () => {
    const scene = new FleetScene(100, 20);
    const [first, second, third] = fleetOf(scene, 3);
    scene.fills(first);
    second.clock.kill();
    const taken = Array.from({ length: 10 }, () => scene.offers(first, scene.newCall()));
    expect(taken.every((one) => one === third)).toBe(true);
  });

  test('go on being sent while the store is away, as far as there was room', () => {
    const scene = new FleetScene(100, 20);
    const [first, second] = fleetOf(scene, 2);
    scene.fills(first);
    for (const process of [first, second]) process.isCutOff = true;
    scene.passes(60_000);
    const taken = Array.from({ length: 21 }, () => scene.offers(first, scene.newCall()));
    expect(taken.filter((one) => one === second)).toHaveLength(20);
    expect(taken.at(-1)).toBeNull();
  });
});

describe('how many calls a process takes', () => {
  test('leaves the rest of the limit to whoever starts, at once', () => {
    const scene = new FleetScene(1_000, 50);
    scene.fleet(2);
    const third = scene.starts('third');
    scene.passes(100);
    expect(scene.processes.map(({ keeper }) => keeper.slots)).toEqual([50, 50, 50]);
    expect(third.room).toBe(50);
  });

  test('is less where the limit of all is, and no slot is left over', () => {
    const scene = new FleetScene(100, 50);
    scene.fleet(4);
    expect(scene.processes.map(({ keeper }) => keeper.slots)).toEqual([25, 25, 25, 25]);
  });

  test('is more for one that has taken calls over, until they are over', () => {
    const scene = new FleetScene(100, 20);
    const [first, second] = fleetOf(scene, 2);
    for (const process of [first, second]) scene.fills(process);
    second.clock.kill();
    scene.passes(20_000);
    expect([first.calls.size, first.keeper.slots, first.room]).toEqual([40, 40, 0]);
    for (const callSid of [...first.calls].slice(0, 25)) first.calls.delete(callSid);
    scene.passes(4_000);
    expect([first.keeper.slots, first.room]).toEqual([20, 5]);
  });
});

test('a process that starts where others have the whole limit refuses nobody whom they have room for', () => {
  const scene = new FleetScene(100);
  fleetOf(scene, 2);
  const third = scene.starts('third');
  scene.passes(50);
  expect(third.beginning).toEqual({ kind: 'held' });
  const taken = Array.from({ length: 40 }, () => scene.offers(third, scene.newCall()));
  expect(taken).not.toContain(null);
  scene.passes(6_000);
  expect(third.room).toBeGreaterThan(10);
});

test('the last process that is about to end keeps its slots, until another takes calls', () => {
  const scene = new FleetScene(100);
  const [first, second] = fleetOf(scene, 2);
  for (const process of [first, second]) process.takesCalls = false;
  scene.passes(10_000);
  expect([first.keeper.slots, second.keeper.slots]).toEqual([50, 50]);
  const third = scene.starts('third');
  scene.passes(10_000);
  expect([first.keeper.slots, second.keeper.slots, third.keeper.slots]).toEqual([0, 0, 100]);
});
