import { describe, expect, test } from 'vitest';
import { FleetScene } from './fleet-scene.ts';

function slotsOf(scene: FleetScene): number[] {
  return scene.living.map(({ keeper }) => keeper.slots);
}

describe('the limit of a fleet', () => {
  test('is shared among its processes, and no slot is left over', () => {
    const scene = new FleetScene(100);
    scene.fleet(5);
    expect(slotsOf(scene)).toEqual([20, 20, 20, 20, 20]);
  });

  test('goes to whoever has the calls', () => {
    const scene = new FleetScene(100);
    const [first] = scene.fleet(2);
    if (first === undefined) throw new RangeError('no process');
    for (let seconds = 0; seconds < 40; seconds += 1) {
      scene.fills(first);
      scene.passes(1_000);
    }
    // The other one keeps room for the next caller.
    expect(first.calls.size).toBeGreaterThan(95);
    expect(scene.leases.leases.reduce((sum, { slots }) => sum + slots, 0)).toBeLessThanOrEqual(100);
  });

  test('is shared anew when a process comes, and when one ends in order', () => {
    const scene = new FleetScene(100);
    const [first] = scene.fleet(1);
    expect(slotsOf(scene)).toEqual([100]);
    const second = scene.starts();
    scene.passes(6_000);
    expect(slotsOf(scene)).toEqual([50, 50]);
    second.takesCalls = false;
    scene.passes(6_000);
    expect(first?.keeper.slots).toBe(100);
    second.keeper.close(() => second.clock.kill());
    scene.passes(6_000);
    expect(scene.leases.leases.map(({ holder }) => holder)).toEqual(['process-1']);
  });

  test('costs half a question a second of each process, and two while it is full', () => {
    const scene = new FleetScene(100);
    const [first, second] = scene.fleet(2);
    if (first === undefined || second === undefined) throw new RangeError('no process');
    const asked = (): number => scene.leases.leases.reduce((sum, lease) => sum + lease.asked, 0);
    const before = asked();
    scene.passes(60_000);
    expect(asked() - before).toBe(60);
    for (const process of [first, second]) scene.fills(process);
    scene.passes(60_000);
    expect(asked() - before).toBeLessThanOrEqual(60 + 240);
  });

  test('lets a process have no room where there are more processes than slots', () => {
    const scene = new FleetScene(2);
    const all = scene.fleet(3);
    scene.passes(20_000);
    expect(slotsOf(scene).toSorted((a, b) => a - b)).toEqual([0, 1, 1]);
    expect(all.map(({ beginning }) => beginning?.kind)).toEqual(['held', 'held', 'held']);
  });
});

describe('a process that is killed', () => {
  test('frees its slots within 20 s', () => {
    const scene = new FleetScene(60);
    const [first, second, third] = scene.fleet(3);
    if (first === undefined || second === undefined || third === undefined) throw new RangeError('no process');
    // Its calls are with people and the voicemail, and nobody fetches them.
    scene.areFetched = false;
    scene.fills(first);
    first.clock.kill();
    scene.passes(20_000);
    expect(second.keeper.slots + third.keeper.slots).toBe(60);
  });

  test('has no calls twice: until they are fetched, nobody gets their slots', () => {
    const scene = new FleetScene(60);
    const all = scene.fleet(3);
    for (const process of all) scene.fills(process);
    all[0]?.clock.kill();
    for (let ms = 0; ms < 40_000; ms += 100) {
      for (const process of scene.living) scene.fills(process);
      expect(scene.liveCalls).toBeLessThanOrEqual(60);
      scene.passes(100);
    }
    expect(all[0]?.calls.size).toBe(0);
    expect(scene.liveCalls).toBe(60);
    expect(scene.living.map(({ calls }) => calls.size)).toEqual([30, 30]);
  });

  test('is missed for 8 s and a beat, no less and no more', () => {
    const scene = new FleetScene(60);
    const [first, second] = scene.fleet(2);
    if (first === undefined || second === undefined) throw new RangeError('no process');
    scene.fills(first);
    first.clock.kill();
    scene.passes(5_900);
    expect(second.calls.size).toBe(0);
    scene.passes(4_200);
    expect(second.calls.size).toBe(30);
  });
});

describe('a long call', () => {
  test('never loses its slot while its process lives', () => {
    const scene = new FleetScene(10);
    const [first, second] = scene.fleet(2);
    if (first === undefined || second === undefined) throw new RangeError('no process');
    first.admits('CA1');
    for (let minutes = 0; minutes < 60; minutes += 1) {
      scene.passes(60_000);
      scene.fills(second);
      expect(first.keeper.slots).toBeGreaterThanOrEqual(1);
    }
    expect([...first.calls]).toEqual(['CA1']);
    expect(scene.liveCalls).toBeLessThanOrEqual(10);
  });
});

describe('while the store is away', () => {
  test('each process goes on with what it has, and nobody is taken for dead when it is back', () => {
    const scene = new FleetScene(60);
    const all = scene.fleet(3);
    all[0]?.admits('CA1');
    for (const process of all) process.isCutOff = true;
    scene.passes(600_000);
    expect(all.map(({ keeper }) => keeper.state)).toMatchObject([
      { kind: 'unsure', slots: 20 },
      { kind: 'unsure', slots: 20 },
      { kind: 'unsure', slots: 20 },
    ]);
    expect(scene.log.named('leaseUnsure')).toHaveLength(3);
    // They come back one after the other.
    for (const process of all) {
      process.isCutOff = false;
      scene.passes(1_500);
    }
    scene.passes(3_000);
    expect(all.map(({ doubts }) => doubts)).toEqual([0, 0, 0]);
    expect(all.map(({ calls }) => calls.size)).toEqual([1, 0, 0]);
    expect(scene.log.named('leaseLost')).toEqual([]);
    expect(all.map(({ keeper }) => keeper.state.kind)).toEqual(['held', 'held', 'held']);
  });

  test('answers that are lost on the way back cost no slot and give none twice', () => {
    const scene = new FleetScene(60);
    const [first, second] = scene.fleet(2);
    if (first === undefined || second === undefined) throw new RangeError('no process');
    for (let round = 0; round < 30; round += 1) {
      // The answer comes when nobody waits for it any more.
      first.backMs = round % 2 === 0 ? 3_500 : 1;
      second.thereMs = round % 3 === 0 ? 3_200 : 1;
      scene.fills(round % 4 < 2 ? first : second);
      scene.passes(1_300);
      for (const { calls } of [first, second]) for (const callSid of [...calls].slice(0, 9)) calls.delete(callSid);
      const granted = scene.leases.leases.reduce((sum, { slots }) => sum + slots, 0);
      expect(granted).toBeLessThanOrEqual(60);
      expect(first.keeper.slots + second.keeper.slots).toBeLessThanOrEqual(60);
    }
  });
});

describe('a process that is cut off from the store', () => {
  test('lets there be too many calls, no more than its own, and says so when it is back', () => {
    const scene = new FleetScene(60);
    scene.areFetched = false;
    const all = scene.fleet(3);
    const [first] = all;
    if (first === undefined) throw new RangeError('no process');
    first.isCutOff = true;
    for (let ms = 0; ms < 60_000; ms += 100) {
      for (const process of all) scene.fills(process);
      expect(scene.liveCalls).toBeLessThanOrEqual(60 + first.calls.size);
      scene.passes(100);
    }
    expect(scene.liveCalls).toBe(80);
    first.isCutOff = false;
    scene.passes(5_000);
    expect(scene.log.named('leaseLost')).toMatchObject([{ calls: 20 }]);
    expect(scene.log.named('callsOverLimit')[0]).toMatchObject({ callsOver: 20 });
    expect(first.doubts).toBe(1);
    // It takes no more until there is room.
    expect(scene.living.map((process) => scene.fills(process))).toEqual([0, 0, 0]);
    expect(first.keeper.state.callsOver).toBe(20);
  });
});

describe('a process that stands still', () => {
  test('has lost its calls to others when it wakes, and knows that before it takes another', () => {
    const scene = new FleetScene(60);
    const [first, second] = scene.fleet(2);
    if (first === undefined || second === undefined) throw new RangeError('no process');
    first.admits('CA1');
    first.clock.stop();
    scene.passes(12_000);
    expect([...second.calls]).toEqual(['CA1']);
    scene.passes(30_000);
    // A webhook may come before any timer.
    expect([first.doubts, first.admits('CA2'), first.doubts]).toEqual([0, false, 1]);
    first.clock.goOn();
    scene.passes(100);
    expect(first.keeper.state.kind).toBe('held');
    scene.passes(8_000);
    expect(first.admits('CA3')).toBe(true);
    expect(scene.log.named('stoodStill')).toHaveLength(1);
  });

  test('takes no answer for true that it was given before it stood still', () => {
    const scene = new FleetScene(60);
    const [first, second] = scene.fleet(2);
    if (first === undefined || second === undefined) throw new RangeError('no process');
    first.backMs = 1_000;
    const asked = (): number => scene.leases.leases.find(({ holder }) => holder === first.name)?.asked ?? 0;
    const before = asked();
    while (asked() === before) scene.passes(10);
    first.clock.stop();
    scene.passes(60_000);
    scene.fills(second);
    first.backMs = 1;
    first.clock.goOn();
    expect(first.admits('CA1')).toBe(false);
    expect(scene.liveCalls).toBeLessThanOrEqual(60);
  });

  test('for less than a lease has lost nothing', () => {
    const scene = new FleetScene(60);
    const [first] = scene.fleet(2);
    if (first === undefined) throw new RangeError('no process');
    first.clock.stop();
    scene.passes(5_000);
    expect(first.admits('CA1')).toBe(true);
    first.clock.goOn();
    scene.passes(5_000);
    expect([first.doubts, first.keeper.state.kind]).toEqual([0, 'held']);
  });
});

describe('a process with the name of another', () => {
  test('is refused while that renews its lease', () => {
    const scene = new FleetScene(60);
    scene.fleet(1);
    const second = scene.starts('i0');
    scene.passes(4_000);
    expect(second.beginning).toEqual({ kind: 'taken' });
  });

  test('waits for the lease of one that was killed, and has the name then', () => {
    const scene = new FleetScene(60);
    const [first] = scene.fleet(1);
    first?.clock.kill();
    const second = scene.starts('i0');
    scene.passes(5_000);
    expect(second.beginning).toBeNull();
    scene.passes(4_000);
    expect(second.beginning).toEqual({ kind: 'held' });
    // What others have fetched of its calls must have been counted first.
    scene.passes(4_000);
    expect(second.keeper.slots).toBe(60);
  });

  test('starts at once where the other has ended in order, or is long gone', () => {
    const scene = new FleetScene(60);
    const [first] = scene.fleet(1);
    first?.keeper.close(() => first.clock.kill());
    scene.passes(10);
    const second = scene.starts('i0');
    scene.passes(1_000);
    expect(second.beginning).toEqual({ kind: 'held' });
    second.clock.kill();
    scene.passes(3_600_000);
    const third = scene.starts('i0');
    scene.passes(11_000);
    expect(third.beginning).toEqual({ kind: 'held' });
  });

  test('replaces it when that stood still: that one ends', () => {
    const scene = new FleetScene(60);
    const [first] = scene.fleet(1);
    if (first === undefined) throw new RangeError('no process');
    first.clock.stop();
    scene.starts('i0');
    scene.passes(30_000);
    first.clock.goOn();
    scene.passes(1_000);
    expect([first.isReplaced, first.keeper.slots]).toEqual([true, 0]);
    expect(scene.log.named('instanceReplaced')).toMatchObject([{ fault: 'instance.taken' }]);
  });

  test('that cannot reach the store says so', () => {
    const scene = new FleetScene(60);
    const process = scene.starts();
    process.isCutOff = true;
    scene.passes(60_000);
    expect(process.beginning).toMatchObject({ kind: 'failed', code: 'journal.unreachable' });
  });
});
