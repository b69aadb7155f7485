import { expect, test } from 'vitest';
import { failureText, runSeed } from '../../../src/sim/run/seed.ts';
import type { AudioPath } from '../../../src/audio/audio-path.ts';
import type { CallSettings } from '../../../src/call/call-settings.ts';
import { Call } from '../../../src/call/call.ts';
import type { CallEffect } from '../../../src/call/effects.ts';
import type { CallEvent } from '../../../src/call/events.ts';
import type { Deadline } from '../../../src/call/timers.ts';

/** Enough calls for each effect to be ordered in some. */
const seedsMax = 150;

/** A call that forgets one kind of effect. */
function forgetting(forgotten: CallEffect['type']): typeof Call {
  return class extends Call {
    override handle(event: CallEvent): readonly CallEffect[] {
      return super.handle(event).filter(({ type }) => type !== forgotten);
    }
  };
}

class CallWithoutDeadline extends Call {
  override nextDeadline(): Deadline | null {
    const deadline = super.nextDeadline();
    return deadline?.name === 'goodbye' ? null : deadline;
  }
}

// Behind each effect: the first seed in which it matters, to save time.
test.for([
  ['call.answer', 0],
  ['stream.media', 0],
  ['stream.mark', 7],
  ['stream.clear', 44],
  ['stream.close', 227],
  ['model.open', 0],
  ['model.sendAudio', 0],
  ['model.sendText', 0],
  ['model.answerTools', 90],
  ['model.close', 4],
  ['tool.run', 0],
  ['telephony.update', 38],
  ['call.end', 0],
  ['request.answer', 4],
  ['model.sendPicture', 33],
  ['model.activityStart', 14],
  ['model.activityEnd', 14],
] as const)('a call that forgets %s is found out', ([forgotten, from]) => {
  expect(firstFailure(forgetting(forgotten), from)).not.toBeNull();
});

test('a call that is deaf to turns is found out', () => {
  class DeafCall extends Call {
    constructor(settings: CallSettings, audioPath: AudioPath) {
      super(settings, {
        ...audioPath,
        voiceDetector: () => ({
          isSpeaking: false,
          voicedMs: 0,
          voicedShare: 0,
          articulation: 0,
          isHumLike: false,
          push: () => null,
        }),
      });
    }
  }
  const failure = firstFailure(DeafCall, 22);
  expect(failure?.broken).toContain('the caller spoke in a silence, and it became no turn');
});

test('a call that misses a deadline is found out, and the report says how to see it again', () => {
  const failure = firstFailure(CallWithoutDeadline, 10);
  const text = failure === null ? '' : failureText(failure);
  expect(text).toMatch(/^Seed \d+: a live call has no deadline/);
  expect(text).toContain(`npm run simulate -- --seed ${failure?.seed}`);
  expect(text.split('\n').length).toBeGreaterThan(10);
});

test('a call that throws is found out', () => {
  class ThrowingCall extends Call {
    override handle(event: CallEvent): readonly CallEffect[] {
      if (event.type === 'model.interrupted') throw new TypeError('That was not expected.');
      return super.handle(event);
    }
  }
  expect(firstFailure(ThrowingCall)?.broken.join()).toMatch(/^it threw TypeError: That was not expected. at \S*handle/);
});

test('a call that speaks on over the caller is found out', () => {
  class DeafCall extends Call {
    constructor(settings: CallSettings, audioPath: AudioPath) {
      super({ ...settings, bargeIn: null }, audioPath);
    }

    override handle(event: CallEvent): readonly CallEffect[] {
      return event.type === 'model.interrupted' ? [] : super.handle(event);
    }
  }
  expect(firstFailure(DeafCall, 33)?.broken.join()).toMatch(/^the agent spoke on over a caller/);
});

test('a call that wants to be looked at again and again is found out', () => {
  class RestlessCall extends Call {
    override nextDeadline(): Deadline | null {
      const deadline = super.nextDeadline();
      return deadline === null ? null : { ...deadline, atMs: 0 };
    }
  }
  expect(firstFailure(RestlessCall)?.broken.join()).toMatch(/^it threw RangeError: Time stands still/);
});

function firstFailure(DefectiveCall: typeof Call, from = 0) {
  for (let seed = from; seed < from + seedsMax; seed += 1) {
    const { failure } = runSeed(seed, (settings, audioPath) => new DefectiveCall(settings, audioPath));
    if (failure !== null) return failure;
  }
  return null;
}
