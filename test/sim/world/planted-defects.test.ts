import { expect, test } from 'vitest';
import { simulateCall } from '../../../src/sim/run/call.ts';
import { failureText, runSeed, scenarioOfSeed } from '../../../src/sim/run/seed.ts';
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

// Behind each effect: a seed in which it matters and the call is short, to save time.
test.for([
  ['call.answer', 0],
  ['stream.media', 0],
  ['stream.mark', 7],
  ['stream.clear', 232],
  ['stream.close', 227],
  ['model.open', 0],
  ['model.sendAudio', 131],
  ['model.sendText', 131],
  ['model.answerTools', 90],
  ['model.close', 133],
  ['tool.run', 108],
  ['telephony.update', 38],
  ['call.end', 161],
  ['request.answer', 4],
  ['model.sendPicture', 254],
  ['model.activityStart', 59],
  ['model.activityEnd', 216],
] as const)('a call that forgets %s is found out', ([forgotten, from]) => {
  expect(firstBroken(forgetting(forgotten), from)).not.toBeNull();
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
          changeDb: 0,
          periodicity: 0,
          isHumLike: false,
          push: () => null,
        }),
      });
    }
  }
  expect(firstBroken(DeafCall, 22)?.broken).toContain('the caller spoke in a silence, and it became no turn');
});

test('a call that misses a deadline is found out, and the report says how to see it again', () => {
  const { seed } = firstBroken(CallWithoutDeadline, 10) ?? { seed: 0 };
  const { failure } = runSeed(seed, (...parts) => new CallWithoutDeadline(...parts));
  const text = failure === null ? '' : failureText(failure);
  expect(text).toMatch(/^Seed \d+: a live call has no deadline/);
  expect(text).toContain(`npm run simulate -- --seed ${seed}`);
  expect(text.split('\n').length).toBeGreaterThan(10);
});

test('a call that throws is found out', () => {
  class ThrowingCall extends Call {
    override handle(event: CallEvent): readonly CallEffect[] {
      if (event.type === 'model.interrupted') throw new TypeError('That was not expected.');
      return super.handle(event);
    }
  }
  expect(firstBroken(ThrowingCall, 239)?.broken.join()).toMatch(
    /^it threw TypeError: That was not expected. at \S*handle/,
  );
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
  expect(firstBroken(DeafCall, 33)?.broken.join()).toMatch(/^the agent spoke on over a caller/);
});

test('a call that wants to be looked at again and again is found out', () => {
  class RestlessCall extends Call {
    override nextDeadline(): Deadline | null {
      const deadline = super.nextDeadline();
      return deadline === null ? null : { ...deadline, atMs: 0 };
    }
  }
  expect(firstBroken(RestlessCall, 161)?.broken.join()).toMatch(/^it threw RangeError: Time stands still/);
});

/** The first seed from there on in which something is found broken, and what it is. */
function firstBroken(DefectiveCall: typeof Call, from: number): { seed: number; broken: readonly string[] } | null {
  const makeCall = (...parts: ConstructorParameters<typeof Call>): Call => new DefectiveCall(...parts);
  for (let seed = from; seed < from + seedsMax; seed += 1) {
    const { broken } = simulateCall(scenarioOfSeed(seed), { makeCall, hashes: false });
    if (broken.length > 0) return { seed, broken };
  }
  return null;
}
