import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PlayoutBuffer } from '../../../src/sim/carrier/stream/playout-buffer.ts';

test('audio is heard from its arrival on, and after what was queued before it', () => {
  const playout = new PlayoutBuffer(1000);
  playout.push(filled(80, 1), 1010);
  playout.push(filled(80, 2), 1012);
  playout.push(filled(80, 3), 1040);

  const heard = playout.heard(1060);
  expect(heard).toHaveLength(480);
  expect([79, 80, 159, 160, 239, 240, 319, 320, 399, 400].map((byte) => heard[byte])).toEqual([
    0xff, 1, 1, 2, 2, 0xff, 0xff, 3, 3, 0xff,
  ]);
});

test('a mark is reached when all audio before it has been played, and not before', () => {
  const playout = new PlayoutBuffer(0);
  playout.push(filled(160, 1), 0);
  playout.mark('a');
  playout.push(filled(80, 1), 5);
  playout.mark('b');

  expect(playout.nextMarkAtMs()).toBe(20);
  expect(playout.takeReached(19.9)).toEqual([]);
  expect(playout.takeReached(20)).toEqual(['a']);
  expect(playout.takeReached(1000)).toEqual(['b']);
  expect(playout.nextMarkAtMs()).toBeNull();
});

test('a mark is reached at once when nothing is queued', () => {
  const playout = new PlayoutBuffer(0);
  playout.push(filled(80, 1), 0);
  playout.takeReached(50);
  playout.mark('late');

  expect(playout.takeReached(50)).toEqual(['late']);
});

test('clear gives back what was not heard and every waiting mark', () => {
  const playout = new PlayoutBuffer(0);
  playout.push(filled(80, 1), 0);
  playout.mark('a');
  playout.push(filled(80, 2), 0);
  playout.mark('b');

  const { discarded, marks } = playout.clear(15);
  expect([...discarded]).toEqual([...filled(40, 2)]);
  expect(marks).toEqual(['a', 'b']);
  expect(playout.nextMarkAtMs()).toBeNull();
  expect(playout.heard(100).lastIndexOf(2)).toBe(119);
  playout.push(filled(8, 3), 20);
  expect(playout.heard(100).indexOf(3)).toBe(160);
});

test('the frames of a line hold each byte once, and begin before the timeline does', () => {
  const playout = new PlayoutBuffer(1000);
  playout.push(filled(400, 1), 1003);

  const frames = [1013.3, 1033.3, 1053.3, 1073.3].map((atMs) => playout.takePlayed(atMs, 160));
  const whole = Uint8Array.from(frames.flatMap((frame) => [...frame]));
  expect(whole).toHaveLength(640);
  // The first frame began 6.7 ms before the timeline.
  expect(whole.indexOf(1)).toBe(54 + 24);
  expect(whole.lastIndexOf(1)).toBe(54 + 24 + 399);
});

test('what is cleared is in no frame of the line', () => {
  const playout = new PlayoutBuffer(0);
  playout.push(filled(1600, 1), 0);
  expect(playout.takePlayed(20, 160)).toEqual(filled(160, 1));
  playout.clear(25);

  expect(playout.takePlayed(40, 160).lastIndexOf(1)).toBe(39);
  expect(playout.takePlayed(60, 160).indexOf(1)).toBe(-1);
});

test('more than ten minutes ahead is discarded', () => {
  const playout = new PlayoutBuffer(0);
  const tenMinutesBytes = 600_000 * 8;
  expect(playout.push(filled(tenMinutesBytes, 1), 0)).toBe(0);
  expect(playout.push(filled(100, 2), 10)).toBe(20);
  expect(playout.discardedBytes).toBe(20);
});

test('only loud audio counts as voice', () => {
  const playout = new PlayoutBuffer(0);
  playout.push(filled(160, 0xff), 0);
  playout.push(filled(160, 0x7e), 0);
  playout.push(filled(160, 0x90), 0);

  expect(playout.isVoiced(0, 20)).toBe(false);
  expect(playout.isVoiced(20, 40)).toBe(false);
  expect(playout.isVoiced(40, 60)).toBe(true);
  expect(playout.isVoiced(60, 80)).toBe(false);
});

const action = fc.oneof(
  fc.record({ type: fc.constant('push' as const), bytes: fc.integer({ min: 0, max: 4000 }) }),
  fc.record({ type: fc.constant('mark' as const) }),
  fc.record({ type: fc.constant('clear' as const) }),
);
const timed = fc.array(fc.record({ afterMs: fc.double({ min: 0, max: 300, noNaN: true }), action }), { maxLength: 30 });

test('every byte is heard or discarded, and every mark comes back once and in order', () => {
  fc.assert(
    fc.property(timed, (steps) => {
      const playout = new PlayoutBuffer(0);
      const sent: string[] = [];
      const returned: string[] = [];
      let [nowMs, pushedBytes] = [0, 0];
      for (const step of steps) {
        nowMs += step.afterMs;
        returned.push(...playout.takeReached(nowMs));
        if (step.action.type === 'push') {
          playout.push(filled(step.action.bytes, 1), nowMs);
          pushedBytes += step.action.bytes;
        } else if (step.action.type === 'mark') {
          sent.push(String(sent.length));
          playout.mark(String(sent.length - 1));
        } else {
          returned.push(...playout.clear(nowMs).marks);
        }
      }
      // By then all has been heard, even 30 times 4000 bytes.
      const endMs = nowMs + 15_000;
      returned.push(...playout.takeReached(endMs));
      const heardBytes = playout.heard(endMs).reduce((count, code) => count + (code === 1 ? 1 : 0), 0);
      expect(heardBytes + playout.discardedBytes).toBe(pushedBytes);
      expect(returned).toEqual(sent);
    }),
    { numRuns: 100 },
  );
});

function filled(bytes: number, code: number): Uint8Array {
  return new Uint8Array(bytes).fill(code);
}
