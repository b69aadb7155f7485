import { expect, test } from 'vitest';
import { Call } from '../../../src/call/call.ts';
import { readLogFiles } from '../../../src/cli/replay/files.ts';
import { CallCourse } from '../../../src/host/outcome/call-course.ts';
import { faultsOf, whyItEnded } from '../../../src/host/outcome/why.ts';
import { standardAudioPath } from '../../../src/sounds/standard-audio-path.ts';

const silent = 'The model stayed silent: it gave no answer, although it was asked again and its session was replaced';

test.for<[string, string, string[]]>([
  ['hang-up-mid-reply', 'The caller hung up.', []],
  ['end-call', 'The agent said goodbye and hung up.', []],
  ['transfer-connected', 'The caller was connected with "support".', []],
  ['longest-duration-silent-model', 'The call reached its longest duration, so the agent said goodbye.', []],
  ['no-answer-ever', `${silent}, so the caller heard the apology and was connected with the fallback number.`, []],
  [
    'model-refuses-setup',
    "The model's quota was used up, so the caller heard the apology, and the call ended.",
    ['model.quotaExceeded'],
  ],
  ['caller-leaves-ringing-transfer', 'The caller hung up while "support" was being called.', []],
  ['model-drops', 'The caller hung up. A model session was lost once and replaced (model.closed).', ['model.closed']],
  ['tool-times-out', 'The caller hung up without saying anything. The tool "lookup_record" failed.', ['tool.timedOut']],
  [
    'stream-refused',
    'Twilio could not open the stream with the sound of the call, so the caller heard the apology, and the call ended.',
    [],
  ],
  [
    'voicemail',
    'The service was being stopped, so the caller heard the apology, nobody took the call at the fallback number (the line was busy), and left a message of 2.0 s.',
    [],
  ],
  [
    'redirect-refused',
    'Twilio did not carry out what it was told to do with the call next, so the caller heard nothing more.',
    ['telephony.refused'],
  ],
])('%s', ([name, why, faults]) => {
  const course = courseOf(name);
  expect({ why: whyItEnded(course, null), faults: faultsOf(course) }).toEqual({ why, faults });
});

test('a caller who hangs up while waiting is told apart from one who does not', () => {
  const course = courseOf('hang-up-mid-reply');
  expect(whyItEnded(course, 6_240)).toBe('The caller hung up after waiting 6.2 s for an answer.');
  expect(whyItEnded(course, 900)).toBe('The caller hung up.');
});

test.for([
  ['whom our own ear heard and whose words nobody wrote down', 'speech-while-greeting-stays-out'],
  ['who spoke to a process that is gone', 'restored-resumed'],
] as const)('a caller %s has said something', ([, name]) => {
  expect(whyItEnded(courseOf(name), null)).not.toContain('without saying anything');
});

test('a caller whom our own ear hears after the question is there', () => {
  const course = courseOf('idle-counts-from-work');
  expect(course.callerAsked).toBe(1);
  course.take({ type: 'tick', atMs: 60_000 }, [{ type: 'note', level: 'debug', name: 'callerHeard', fields: {} }]);
  expect(course.callerAsked).toBe(0);
});

test.for<[string, string]>([
  ['goAway', 'The model ended each session soon after it had begun'],
  ['repeatedTurn', 'The model said the same thing again and again, although its session was replaced'],
])('a model that is given up for %s is not said to be silent', ([gaveUp, cause]) => {
  const course = new CallCourse();
  course.take({ type: 'tick', atMs: 60_000 }, [
    { type: 'note', level: 'warn', name: 'gaveUp', fields: { cause: gaveUp } },
    { type: 'call.end', reason: 'apologised' },
  ]);
  expect(whyItEnded(course, null)).toBe(`${cause}, and the caller hung up before the apology.`);
});

test('a call at which Parley fails has no end of its own', () => {
  const course = new CallCourse();
  expect(whyItEnded(course, null)).toBe(
    'Parley itself failed before the agent had said anything, so the caller heard the apology.',
  );
});

/** What happens on a call that is kept. */
function courseOf(name: string): CallCourse {
  const { header, steps } = readLogFiles(`fixtures/calls/${name}`);
  const call = new Call(header.settings, standardAudioPath);
  const course = new CallCourse();
  for (const { event } of steps) course.take(event, call.handle(event));
  return course;
}
