import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { onStopSignal, type StopSignal } from '../../../src/service/end/stop-signals.ts';
import { VirtualClock } from '../../../src/sim/driver/virtual-clock.ts';
import { passTime } from '../../virtual-time.ts';

/** A process that is told to stop, and what it did. */
function toldProcess() {
  const signals = new EventEmitter();
  const did: string[] = [];
  const clock = new VirtualClock(0);
  onStopSignal(
    { on: (signal, told) => signals.on(signal, told), endBy: (signal) => did.push(`ended by ${signal}`) },
    clock,
    () => did.push('stops'),
  );
  return {
    did,
    tell: (signal: StopSignal, afterMs = 0) => {
      passTime(clock, afterMs);
      signals.emit(signal);
    },
  };
}

test('a key that npm hands on as well is one wish to stop', () => {
  const { did, tell } = toldProcess();
  tell('SIGINT');
  tell('SIGINT', 3);
  tell('SIGINT', 900);
  expect(did).toEqual(['stops']);
});

test.each(['SIGINT', 'SIGTERM'] as const)('a second wish, a second later, ends the process by %s at once', (signal) => {
  const { did, tell } = toldProcess();
  tell('SIGTERM');
  tell(signal, 1_001);
  expect(did).toEqual(['stops', `ended by ${signal}`]);
});
