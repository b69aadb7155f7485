import { expect, test } from 'vitest';
import type { ReplyPlace } from '../../../dev/turns/call/reply-locator.ts';
import { earFrameMs } from '../../../dev/turns/score/ear.ts';
import {
  type HappenedSound,
  type HeardAgent,
  heardError,
  isCutBefore,
  restarts,
  scoreSound,
} from '../../../dev/turns/score/call-score.ts';

/** A piece of a reply, or silence, that the caller hears for so long. `isSoft`: nobody knows which moment it is. */
interface Piece {
  readonly reply?: string;
  readonly fromMs?: number;
  readonly ms: number;
  readonly isSoft?: boolean;
}

function heard(...pieces: readonly Piece[]): HeardAgent {
  const words: boolean[] = [];
  const places: (ReplyPlace | null)[] = [];
  for (const { reply, fromMs = 0, ms, isSoft = false } of pieces) {
    for (let at = 0; at < ms; at += earFrameMs) {
      words.push(reply !== undefined);
      places.push(reply === undefined || isSoft ? null : { reply, atMs: fromMs + at });
    }
  }
  return { words, places, soundingMs: words.map((isWords) => (isWords ? earFrameMs : 0)), lengthMs: () => 14_000 };
}

/** Said from 1000 to 2000 ms over the reply A. */
const overA: HappenedSound = { name: 'sound', onsetMs: 1_000, endMs: 2_000, over: 'A', asks: 'yield' };

test('an interruption that is yielded to and answered', () => {
  const call = heard({ reply: 'A', ms: 1_400 }, { ms: 1_800 }, { reply: 'B', ms: 2_000 });
  expect(scoreSound(overA, call, 5_200)).toMatchObject({
    isVoid: false,
    yieldMs: 400,
    tickYieldMs: 400,
    tickStopped: true,
    stopped: true,
    wentOn: false,
    // B begins at 3200 ms, and the caller has finished at 2000 ms.
    answerMs: 1_200,
    lostMs: 0,
    twiceMs: 0,
    cameBack: false,
  });
});

test('a reply that begins while the caller still speaks', () => {
  const call = heard({ reply: 'A', ms: 1_400 }, { ms: 300 }, { reply: 'B', ms: 2_000 });
  expect(scoreSound(overA, call, 3_700).answerMs).toBe(-300);
});

test('the rest of a reply after a yield is no answer', () => {
  const call = heard({ reply: 'A', ms: 1_400 }, { ms: 600 }, { reply: 'A', fromMs: 1_400, ms: 2_000 });
  expect(scoreSound(overA, call, 4_000)).toMatchObject({ answerMs: null, cameBack: true });
});

test('an agent that goes on through a backchannel, softer for a while', () => {
  const call = heard(
    { reply: 'A', ms: 1_200 },
    { reply: 'A', fromMs: 1_200, ms: 400, isSoft: true },
    { reply: 'A', fromMs: 1_600, ms: 3_000 },
  );
  expect(scoreSound(overA, call, 4_600)).toMatchObject({
    yieldMs: null,
    tickStopped: false,
    stopped: false,
    wentOn: true,
    answerMs: null,
    lostMs: 0,
    twiceMs: 0,
  });
});

test('a pause of 300 ms in which nothing is lost is a stop, but the agent went on', () => {
  const call = heard({ reply: 'A', ms: 1_200 }, { ms: 300 }, { reply: 'A', fromMs: 1_200, ms: 3_000 });
  expect(scoreSound(overA, call, 4_500)).toMatchObject({ stopped: true, wentOn: true, lostMs: 0, twiceMs: 0 });
});

test('what is left out at a resume is lost, and what is said again is said twice', () => {
  const skipping = heard({ reply: 'A', ms: 1_200 }, { ms: 300 }, { reply: 'A', fromMs: 1_500, ms: 3_000 });
  expect(scoreSound(overA, skipping, 4_500)).toMatchObject({ lostMs: 300, twiceMs: 0 });
  const repeating = heard({ reply: 'A', ms: 1_200 }, { ms: 300 }, { reply: 'A', fromMs: 700, ms: 3_000 });
  expect(scoreSound(overA, repeating, 4_500)).toMatchObject({ lostMs: 0, twiceMs: 500 });
});

test('a sound over an agent that had just stopped tells nothing', () => {
  const call = heard({ reply: 'A', ms: 960 }, { ms: 1_000 });
  expect(scoreSound(overA, call, 1_960).isVoid).toBe(true);
  expect(scoreSound({ ...overA, over: null, asks: 'answer' }, call, 1_960).isVoid).toBe(false);
});

test('a question is answered by whatever reply comes', () => {
  const question: HappenedSound = { name: 'question', onsetMs: 1_000, endMs: 2_000, over: null, asks: 'answer' };
  const call = heard({ reply: 'A', ms: 100 }, { ms: 2_900 }, { reply: 'A', ms: 500 });
  expect(scoreSound(question, call, 3_500).answerMs).toBe(1_000);
  expect(scoreSound(question, call, 3_000).answerMs).toBeNull();
});

test('the heard position is compared with what was heard up to the silence', () => {
  // Cut at 1400 ms; the last frames arrive until 1440 ms.
  const call = heard({ ms: 200 }, { reply: 'A', ms: 1_240 }, { ms: 1_000 });
  expect(heardError(call, 1_400, 1_240)).toBe(0);
  expect(heardError(call, 1_400, 1_200)).toBe(-40);
  // Nobody was silent soon after it, or nobody spoke.
  expect(heardError(heard({ reply: 'A', ms: 3_000 }), 1_400, 1_240)).toBeNull();
  expect(heardError(call, 1_800, 1_240)).toBeNull();
});

test('an agent that has said all is not silent because of a sound', () => {
  const call = heard({ reply: 'A', ms: 1_600 }, { ms: 2_000 });
  expect(scoreSound(overA, { ...call, lengthMs: () => 1_600 }, 3_600)).toMatchObject({ stopped: false, wentOn: true });
  expect(scoreSound(overA, { ...call, lengthMs: () => 1_700 }, 3_600)).toMatchObject({ stopped: true, wentOn: false });
});

test('late audio after a cut is not what was heard up to it', () => {
  const call = heard({ reply: 'A', ms: 1_440 }, { reply: 'A', fromMs: 2_000, ms: 240 }, { ms: 500 });
  expect(heardError(call, 1_400, 1_400)).toBe(-40);
});

test('what counts of a reply that begins in its middle is what was heard of it', () => {
  const late = heard({ reply: 'A', fromMs: 8_000, ms: 500 }, { ms: 500 });
  expect(heardError(late, 400, 500)).toBe(0);
  // A pause of the agent, and a softer stretch, are parts of what it says.
  const paused = heard(
    { reply: 'A', ms: 400 },
    { ms: 200 },
    { reply: 'A', fromMs: 400, ms: 100, isSoft: true },
    { reply: 'A', fromMs: 500, ms: 500 },
    { ms: 500 },
  );
  expect(heardError(paused, 1_100, 1_000)).toBe(0);
});

test('a greeting that begins anew is counted', () => {
  const call = heard({ reply: 'G', ms: 2_000 }, { ms: 500 }, { reply: 'G', ms: 2_000 });
  expect(restarts('G', call)).toBe(1);
  expect(restarts('G', heard({ reply: 'G', ms: 2_000 }, { ms: 500 }, { reply: 'G', fromMs: 1_500, ms: 500 }))).toBe(0);
});

test('a greeting that is cut before anybody has spoken is counted', () => {
  const call = heard({ reply: 'G', ms: 2_000 }, { ms: 500 }, { reply: 'R', ms: 2_000 });
  expect(isCutBefore('G', call, [2_000], 3_000)).toBe(true);
  // Somebody had spoken, another reply was cut, or none.
  expect(isCutBefore('G', call, [2_000], 1_500)).toBe(false);
  expect(isCutBefore('G', call, [2_900], 3_000)).toBe(false);
  expect(isCutBefore('G', call, [], 3_000)).toBe(false);
});
