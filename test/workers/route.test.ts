import { describe, expect, test } from 'vitest';
import { CallOwners } from '../../src/workers/call-owners.ts';
import { routeOf, type WorkerState } from '../../src/workers/route.ts';

const known = `CA${'1'.repeat(32)}`;
const unknown = `CA${'2'.repeat(32)}`;

/** The workers w0, w1 and so on, each with its phase, its room, and the room that it has told of. */
function workers(...states: readonly (readonly [WorkerState['phase'], number, number?])[]): WorkerState[] {
  return states.map(([phase, room, toldRoom = room], at) => ({ instance: `w${at}`, phase, room, toldRoom }));
}

const usual = workers(['up', 3], ['up', 5], ['up', 5]);

describe('a request', () => {
  test.each([
    ['of an instance goes there', '/i/w2/twilio/stream-ended?stream=1', null, usual, 2],
    ['of an instance goes there, though its call is known elsewhere', '/i/w2/twilio/dial-ended', known, usual, 2],
    ['of a stream goes to its instance', '/i/w1/twilio/media', null, usual, 1],
    ['of a call that is known goes where the call is', '/twilio/status', known, usual, 0],
    ['of a new call goes where most room is', '/twilio/voice', unknown, usual, 1],
    ['that is no webhook goes where most room is', '/readyz', null, usual, 1],
    ['that cannot be read goes where most room is', '', null, usual, 1],
    ['of an instance that there is not goes where most room is', '/i/w9/twilio/voice', unknown, usual, 1],
    ['of a worker that starts waits for it', '/i/w0/twilio/media', null, workers(['starting', 0], ['up', 1]), 0],
    ['of a call of a worker that starts waits for it', '/twilio/voice', known, workers(['starting', 0], ['up', 1]), 0],
    ['of a new call waits for nobody who starts', '/twilio/voice', unknown, workers(['starting', 0], ['up', 0]), 1],
    ['of a worker that is gone goes to another', '/i/w0/twilio/dial-ended', null, workers(['gone', 0], ['up', 0]), 1],
    ['of a call of a worker that is gone goes to another', '/twilio/status', known, workers(['gone', 0], ['up', 0]), 1],
    ['goes where room was told, if none is left', '/twilio/voice', unknown, workers(['up', 0, 0], ['up', 0, 1]), 1],
    [
      'goes to none that stands still, if none has room',
      '/twilio/voice',
      unknown,
      workers(['up', 0, -1], ['up', 0, 0]),
      1,
    ],
    ['goes to one without room if all are so', '/twilio/voice', unknown, workers(['up', 0], ['up', 0]), 0],
    [
      'of a new call is nobody’s while none is up',
      '/twilio/voice',
      unknown,
      workers(['starting', 0], ['gone', 0]),
      null,
    ],
  ] as const)('%s', (_what, target, callSid, states, at) => {
    expect(routeOf({ target, callSid }, states, (ofCall) => (ofCall === known ? 0 : null))).toBe(at);
  });
});

test('the owner of a call is known until so many others were noted', () => {
  const owners = new CallOwners(3);
  owners.note('first', 1);
  owners.note('second', 2);
  owners.note('third', 0);
  expect([owners.of('first'), owners.of('second')]).toEqual([1, 2]);
  owners.note('first', 1);
  owners.note('another', 0);
  expect([owners.of('first'), owners.of('second'), owners.of('third')]).toEqual([1, null, 0]);
});
