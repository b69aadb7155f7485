import { describe, expect, test } from 'vitest';
import { mulawBytesPerMs } from '../../../src/audio/mulaw.ts';
import type { VoiceHearing } from '../../../src/audio/voice/voice-hearing.ts';
import type { CallSettings } from '../../../src/call/call-settings.ts';
import type { CallFact } from '../../../src/call/events.ts';
import { usualBargeIn } from '../../../src/call/turns/barge-in-rule.ts';
import { levelAudioPath } from '../../../src/sim/world/level-audio-path.ts';
import { shippedComfortSounds } from '../../../src/sounds/comfort-sounds.ts';
import { mulawCodec } from '../../../src/sounds/mulaw-codec.ts';
import { CallScene } from '../call-scene.ts';
import { hearsMoving } from '../hears-moving.ts';

const levels = levelAudioPath(mulawCodec, shippedComfortSounds);

/** A caller is heard by the level, so that loud is a voice; up to 180 ms of it are a hum, and more moves as words do. */
const hum = 180;
const levelWordsMs = hum + 20;

/** The same, but that every voice moves as words do. */
const words = { ...levels, voiceDetector: () => hearsMoving(1) };

/** The same, but that nobody's voice is in it. */
const hearsNobody: VoiceHearing = { ...hearsMoving(0), isSpeaking: false, voicedMs: 0, push: () => null };
const noise = { ...levels, voiceDetector: () => hearsNobody };

/** The agent says something that takes 8 s. `isComplete`: all of it is on the wire. */
function agentTalks(isComplete: boolean, changes: Partial<CallSettings> = {}, path = levels): CallScene {
  const scene = CallScene.greeted(changes, path);
  scene.happens({ type: 'model.agentTranscript', text: 'There are many things that I can tell you about that today.' });
  scene.agentSpeaks(8_000).passes(500);
  return isComplete ? scene.happens({ type: 'model.generationCompleted' }) : scene;
}

const cut = (): CallScene => agentTalks(false).callerSends(400, 'speech');
const stopped = (): CallScene => agentTalks(false).callerSends(300, 'silence').callerSends(800, 'speech');

/** The agent has stopped, and the model, which has written down what was said, holds on to its turn. */
const noticed = (): CallScene => stopped().happens({ type: 'model.callerTranscript', text: 'Wait.' });

/** The agent talks, while the caller's line is loud with something that is no voice. */
function beside({ noiseMs }: { noiseMs: number }): CallScene {
  return agentTalks(false, {}, noise).callerSends(noiseMs, 'speech').forget();
}

/** A reply comes while the caller speaks: the model has taken a pause, or a noise before it, for the end. */
function comes(saidMs: number, path = words): CallScene {
  return CallScene.greeted({}, path).callerSends(saidMs, 'speech').forget().agentSpeaks(8_000);
}

function hasStopped(scene: CallScene): boolean {
  return scene.notes('bargeIn').length > 0;
}

describe('the agent stops', () => {
  test('as soon as there is enough of the caller, and what was not heard is gone', () => {
    const scene = agentTalks(false, {}, words).passes(100).forget().callerSends(usualBargeIn.yieldMs, 'speech');
    expect(scene.types).toContain('stream.clear');
    const [note] = scene.notes('bargeIn');
    expect(note).toMatchObject({
      by: 'ear',
      why: 'speech',
      voicedMs: usualBargeIn.yieldMs,
      sinceOnsetMs: usualBargeIn.yieldMs - 60,
    });
    expect(note?.heardMs).toBeCloseTo(600 + usualBargeIn.yieldMs, -1);
    expect(scene.lines.at(-1)).toMatch(/^agent: There.* —$/);
  });

  test('not a moment sooner', () => {
    const scene = agentTalks(false, {}, words)
      .forget()
      .callerSends(usualBargeIn.yieldMs - 20, 'speech');
    expect(hasStopped(scene)).toBe(false);
  });

  test('for a word behind which the caller waits', () => {
    const scene = agentTalks(false, {}, words).forget().callerSends(120, 'speech').callerSends(880, 'silence');
    expect(hasStopped(scene)).toBe(false);
    scene.callerSends(20, 'silence');
    expect(scene.notes('bargeIn')).toMatchObject([{ by: 'ear', why: 'word' }]);
  });

  test('for two short words with a pause between them', () => {
    const scene = agentTalks(false, {}, words).callerSends(100, 'speech').callerSends(500, 'silence').forget();
    scene.callerSends(40, 'speech');
    expect(hasStopped(scene)).toBe(false);
    scene.callerSends(20, 'speech');
    expect(scene.notes('bargeIn')).toMatchObject([{ by: 'ear', why: 'speech', voicedMs: 160, sinceOnsetMs: 580 }]);
  });

  test('not for two that are further from each other', () => {
    const scene = agentTalks(false, {}, words).callerSends(80, 'speech').callerSends(usualBargeIn.joinMs, 'silence');
    expect(hasStopped(scene.callerSends(usualBargeIn.yieldMs - 20, 'speech'))).toBe(false);
  });

  test('when the model says so on a quiet line, whatever the ear heard', () => {
    const scene = agentTalks(false).forget().happens({ type: 'model.interrupted' });
    expect(scene.notes('bargeIn')).toMatchObject([{ by: 'model' }]);
    expect(scene.types).toContain('stream.clear');
  });

  test('once: the model notices later what was cut long ago', () => {
    const scene = agentTalks(false).callerSends(400, 'speech').forget().happens({ type: 'model.interrupted' });
    expect(scene.types).toEqual([]);
    expect(scene.notes('bargeIn')).toEqual([]);
  });

  test('once for a sound that never ends: a model that answers nevertheless takes it for noise', () => {
    const scene = agentTalks(false).callerSends(2_000, 'speech').happens({ type: 'model.turnCompleted', reason: null });
    expect(scene.notes('bargeIn')).toHaveLength(1);
    scene.forget().agentSpeaks(6_000).happens({ type: 'model.generationCompleted' }).callerSends(6_500, 'speech');
    expect(hasStopped(scene)).toBe(false);
    expect(scene.types).not.toContain('stream.clear');
    // After a pause it is a caller again.
    scene.happens({ type: 'model.turnCompleted', reason: null }).callerSends(600, 'silence');
    scene.agentSpeaks(6_000).callerSends(500, 'silence').callerSends(400, 'speech');
    expect(hasStopped(scene)).toBe(true);
  });

  test('once, although more of its turn, of which all was there, is heard at once', () => {
    const scene = agentTalks(true).forget().callerSends(usualBargeIn.yieldMs, 'speech').agentSpeaks(2_000);
    scene.callerSends(400, 'speech');
    expect(scene.notes('bargeIn')).toHaveLength(1);
  });

  test('for what is said over it, and not for what was said before', () => {
    const scene = CallScene.greeted({}, levels).callerSends(180, 'speech').agentSpeaks(8_000);
    scene.forget().callerSends(usualBargeIn.yieldMs - 20, 'speech');
    expect(hasStopped(scene)).toBe(false);
    expect(hasStopped(scene.callerSends(20, 'speech'))).toBe(true);
  });

  test('for a caller who begins just before a reply that the model was nudged for', () => {
    const scene = CallScene.greeted({}, words).callerAsks().callerSends(5_200, 'silence');
    expect(scene.steps).toEqual(['answer: nudge']);
    scene.callerSends(180, 'speech').agentSpeaks(6_000);
    expect(hasStopped(scene.callerSends(1_000, 'speech'))).toBe(true);
  });

  test('for a caller who begins anew, after a sound that was there for long', () => {
    const scene = CallScene.greeted({}, levels).callerSends(1_500, 'speech').agentSpeaks(8_000);
    scene.callerSends(600, 'silence').callerSends(300, 'speech');
    expect(hasStopped(scene)).toBe(true);
  });

  test('only for the model when the setting says so', () => {
    const scene = agentTalks(false, { bargeIn: null })
      .forget()
      .callerSends(1_200, 'speech')
      .callerSends(800, 'silence');
    expect(hasStopped(scene)).toBe(false);
    expect(scene.notes('bargeInIgnored')).toEqual([]);
  });

  test('and then nobody counts as having heard a reply who has not', () => {
    const scene = CallScene.greeted({ bargeIn: null }, levels).callerAsks().callerSends(9_000, 'silence');
    expect(scene.steps).toEqual(['answer: nudge', 'answer: resume']);
  });

  test('and then late audio is known by the caller who speaks, too', () => {
    const scene = agentTalks(false, { bargeIn: null }).callerSends(400, 'speech');
    scene.happens({ type: 'model.interrupted' }, { type: 'model.turnCompleted', reason: null }).forget();
    expect(scene.passes(50).agentSpeaks(200).types).toEqual([]);
  });
});

describe('the agent goes on', () => {
  test('through a "mm-hm"', () => {
    const scene = agentTalks(false).forget().callerSends(hum, 'speech').callerSends(1_000, 'silence');
    expect(hasStopped(scene)).toBe(false);
    expect(scene.notes('bargeInIgnored')).toMatchObject([{ by: 'ear', why: 'hum', voicedMs: hum, wasHeld: true }]);
  });

  test('through a cough', () => {
    const scene = agentTalks(false).forget().callerSends(80, 'speech').callerSends(1_000, 'silence');
    expect(hasStopped(scene)).toBe(false);
    expect(scene.notes('bargeInIgnored')).toMatchObject([{ by: 'ear', why: 'noise', voicedMs: 80, wasHeld: false }]);
  });

  test('when it begins while a line is noisy for long already', () => {
    const scene = CallScene.greeted({}, levels).callerSends(1_500, 'speech');
    scene.agentSpeaks(8_000).forget().callerSends(1_400, 'speech');
    expect(hasStopped(scene)).toBe(false);
  });

  test('through a greeting, and is not asked for it again', () => {
    const scene = CallScene.answered({}, levels).agentSpeaks(3_000).forget().callerSends(600, 'speech');
    expect(hasStopped(scene)).toBe(false);
  });

  test('through its goodbye', () => {
    const scene = agentTalks(false).toolCalled('1', 'end_call').toolFinished('1', { kind: 'hangUp' });
    scene.forget().callerSends(600, 'speech');
    expect(hasStopped(scene)).toBe(false);
  });

  test('later and later the more often it stepped back for nothing', () => {
    const scene = agentTalks(false);
    for (let times = 0; times < usualBargeIn.falseHoldsMax; times++)
      scene.callerSends(hum, 'speech').callerSends(600, 'silence');
    scene.forget().callerSends(usualBargeIn.yieldMs + usualBargeIn.waryMs - 20, 'speech');
    expect(hasStopped(scene)).toBe(false);
    scene.callerSends(20, 'speech');
    expect(scene.notes('bargeIn')).toMatchObject([{ falseHolds: 3 }]);
  });

  test('when the model stops for a "mm-hm": what came is heard, and the model is asked for the rest', () => {
    const scene = agentTalks(false).forget().callerSends(hum, 'speech').callerSends(300, 'silence');
    scene.forget().happens({ type: 'model.interrupted' });
    expect(scene.notes('bargeInIgnored')).toEqual([{ by: 'model', why: 'hum', voicedMs: hum, wasHeld: false }]);
    expect(hasStopped(scene)).toBe(false);
    expect(scene.texts[0]).toContain('Go on right there');
    expect(scene.texts[0]).toContain('There are many things that I can tell you about that today.');
    // The rest is heard behind it.
    scene.happens({ type: 'model.turnCompleted', reason: null }).passes(500);
    const { dropped, queued } = scene.tally.agent;
    scene.agentSpeaks(1_000);
    expect(scene.tally.agent).toMatchObject({ dropped, queued: queued + 8 * 1_000 });
  });

  // A model stopped for a "mm-hm" and said that its turn was over. Parley took that for the rest which it had just asked for, so that a model
  // which did not go on left the caller in silence.
  test('when the model stops for a "mm-hm", ends its turn, and does not go on: it is asked again', () => {
    const scene = agentTalks(false)
      .callerSends(hum, 'speech')
      .callerSends(60, 'silence')
      .forget()
      .happens({ type: 'model.interrupted' });
    scene.happens({ type: 'model.turnCompleted', reason: null }).callerHears(13_000);
    expect(scene.steps).toEqual(['anything: nudge']);
  });

  test('not when the model stops for somebody who is still speaking, of whom too little was heard to tell a word from a hum', () => {
    const scene = agentTalks(false).callerSends(hum, 'speech').forget().happens({ type: 'model.interrupted' });
    expect([hasStopped(scene), scene.notes('bargeInIgnored')]).toEqual([true, []]);
  });

  test('when the model stops for a noise in which the ear hears nobody, and is asked for the rest', () => {
    const scene = beside({ noiseMs: 3_000 }).happens({ type: 'model.interrupted' });
    expect(scene.notes('bargeInIgnored')).toEqual([{ by: 'model', why: 'noise', voicedMs: 0, wasHeld: false }]);
    expect(hasStopped(scene)).toBe(false);
    expect(scene.texts[0]).toContain('Go on right there');
  });

  test('until the model has written down words that the ear had not heard', () => {
    const scene = beside({ noiseMs: 3_000 }).happens({ type: 'model.interrupted' });
    scene.happens({ type: 'model.callerTranscript', text: 'Hello?' });
    expect(scene.notes('bargeIn')).toMatchObject([{ by: 'model', why: 'words' }]);
    scene.forget().happens({ type: 'model.callerTranscript', text: ' Is there anybody?' });
    expect(scene.notes('bargeIn')).toEqual([]);
  });

  test('when the model stops for a "mm-hm" behind a reply that is there as a whole', () => {
    const scene = agentTalks(true)
      .callerSends(hum, 'speech')
      .callerSends(60, 'silence')
      .forget()
      .happens({ type: 'model.interrupted' });
    expect(scene.types).toEqual([]);
    scene.happens({ type: 'model.turnCompleted', reason: null }).passes(12_000);
    expect(scene.lines).toEqual(['agent: There are many things that I can tell you about that today.']);
  });
});

describe('an agent that has said all of its words', () => {
  test('is not stopped by who speaks then, so that nothing is said to the model again', () => {
    const scene = agentTalks(true).callerHears(9_000).forget();
    scene.callerSends(800, 'speech').callerSends(2_500, 'silence');
    expect(scene.notes('wordsSaidAgain')).toEqual([]);
  });

  test('is as loud as ever with the next ones, also when the caller hummed over the last', () => {
    const scene = agentTalks(true).callerHears(7_300).forget().callerSends(hum, 'speech').callerSends(40, 'silence');
    expect(scene.notes('agentSoftened')).toEqual([{ byDb: 12 }, { byDb: 0 }]);
  });

  test('has not been stopped by mistake when the model stops', () => {
    const scene = agentTalks(true).callerHears(9_000).forget().callerSends(hum, 'speech');
    scene.happens({ type: 'model.interrupted' });
    expect(scene.notes('bargeInIgnored')).toEqual([]);
  });
});

describe('a model that stops by mistake, and says another reply', () => {
  const first = 'There are many things that I can tell you about that today.';
  const second = 'And here is something else that you may want to know.';

  /** The first reply has 7.5 s left when the model stops for a "mm-hm", and the second follows at once. */
  function saysAnother(): CallScene {
    const scene = agentTalks(true)
      .callerSends(hum, 'speech')
      .callerSends(60, 'silence')
      .happens({ type: 'model.interrupted' });
    scene.happens({ type: 'model.turnCompleted', reason: null }).callerHears(800).forget();
    scene.happens({ type: 'model.agentTranscript', text: second });
    return scene.agentSpeaks(4_000).happens({ type: 'model.generationCompleted' });
  }

  test('is heard to the end of both, which are two lines', () => {
    const scene = saysAnother().callerHears(12_500);
    expect(scene.lines).toEqual([`agent: ${first}`, `agent: ${second}`]);
  });

  test('is cut where the second is heard: of the first all was heard', () => {
    const scene = saysAnother().callerHears(8_000 - 1_500 + 2_000 - 400);
    scene.callerSends(400, 'speech');
    const [note] = scene.notes('bargeIn');
    expect(note?.sentMs).toBeCloseTo(4_000, -1);
    expect(Math.abs(Number(note?.heardMs) - (2_000 - 400 + levelWordsMs))).toBeLessThanOrEqual(40);
    expect(scene.lines[0]).toBe(`agent: ${first}`);
    expect(scene.lines[1]).toMatch(/^agent: And here .* —$/);
  });

  test('is cut where the second is heard, also behind a reply that broke off', () => {
    const scene = agentTalks(false)
      .callerSends(hum, 'speech')
      .callerSends(60, 'silence')
      .happens({ type: 'model.interrupted' });
    scene.happens({ type: 'model.turnCompleted', reason: null }).callerHears(800).forget();
    scene
      .agentSpeaks(4_000)
      .callerHears(8_000 - 1_500 + 1_600)
      .callerSends(400, 'speech');
    const [note] = scene.notes('bargeIn');
    expect(Math.abs(Number(note?.heardMs) - (1_600 + levelWordsMs))).toBeLessThanOrEqual(40);
  });

  test('is cut at the end of the first when its last sound is on its way, and nothing of the second has come', () => {
    const scene = CallScene.greeted({}, noise).agentSpeaks(1_000).happens({ type: 'model.generationCompleted' });
    // Marks take 100 ms.
    scene.passes(1_100).marksReturn().happens({ type: 'model.turnCompleted', reason: null }).forget();
    scene.agentSpeaks(1_000).happens({ type: 'model.generationCompleted' }).callerSends(460, 'speech');
    scene.happens({ type: 'model.interrupted' }).passes(550);
    scene.happens({ type: 'model.callerTranscript', text: 'Wait!' });
    const [note] = scene.notes('bargeIn');
    expect(note).toMatchObject({ why: 'words', sentMs: note?.heardMs });
    expect(note?.heardMs).toBeCloseTo(1_000, -1);
  });

  test('is cut where the first is heard: of the second nothing was', () => {
    const scene = saysAnother().callerHears(1_000).callerSends(400, 'speech');
    const [note] = scene.notes('bargeIn');
    expect(note?.sentMs).toBeCloseTo(8_000, -1);
    expect(Math.abs(Number(note?.heardMs) - (2_500 + levelWordsMs))).toBeLessThanOrEqual(40);
    expect(scene.lines).toHaveLength(1);
    expect(scene.lines[0]).toMatch(/^agent: There are .* —$/);
  });
});

describe('a model that goes on with a turn that was cut', () => {
  test('is not heard while the caller speaks, nor behind that without a pause', () => {
    const scene = cut().forget().agentSpeaks(200).callerSends(400, 'speech').agentSpeaks(200);
    for (let times = 0; times < 6; times++) scene.callerSends(200, 'silence').agentSpeaks(200);
    expect(scene.types).not.toContain('stream.media');
  });

  test('is heard again when it begins anew after the caller', () => {
    const scene = cut().agentSpeaks(200).callerSends(400, 'silence').forget().agentSpeaks(200);
    expect(scene.types).toContain('stream.media');
  });

  test('is heard at once when the old turn was there as a whole', () => {
    const scene = agentTalks(true).callerSends(400, 'speech').callerSends(20, 'silence').forget().agentSpeaks(200);
    expect(scene.types).toContain('stream.media');
  });

  test('is heard at once when it has said that the old turn is over', () => {
    const scene = cut().happens({ type: 'model.turnCompleted', reason: null }).forget().agentSpeaks(200);
    expect(scene.types).toContain('stream.media');
  });
});

describe('a reply that comes while the caller speaks', () => {
  test('begins when the caller has stopped', () => {
    const scene = comes(400).callerSends(500, 'silence');
    const waitedMs = scene.notes('replyWaited')[0]?.ms;
    expect(scene.notes('replyWaited')).toEqual([{ ms: waitedMs, isSaid: true }]);
    expect(waitedMs).toBeGreaterThan(200);
    expect(scene.types).toContain('stream.media');
  });

  test('is not heard at all, when the caller says more and the agent yields', () => {
    const scene = comes(400).callerSends(400, 'speech').callerSends(500, 'silence');
    expect(scene.notes('replyWaited')).toMatchObject([{ isSaid: false }]);
    expect(scene.types).not.toContain('stream.media');
    expect(scene.lines).toEqual([]);
    // The model believes that it speaks: it is told once more what was said.
    expect(scene.callerSends(1_200, 'silence').notes('wordsSaidAgain')).toHaveLength(1);
  });

  test('is stopped for a caller who says more, which is written down, and nobody was interrupted', () => {
    const scene = comes(400).callerSends(400, 'speech');
    expect(scene.notes('bargeIn')).toMatchObject([{ by: 'ear', why: 'speech', sentMs: 0, heardMs: 0 }]);
    expect(scene.happens({ type: 'stream.closed', code: 1000 }).passes(60_000).notes('callEnded')).toMatchObject([
      { bargeIns: 0 },
    ]);
  });

  test('does not begin when what was said is a word with silence behind it', () => {
    const scene = comes(400).callerSends(120, 'speech').callerSends(1_500, 'silence');
    expect(scene.types).not.toContain('stream.media');
    expect(scene.notes('bargeIn')).toMatchObject([{ why: 'word', sentMs: 0 }]);
  });

  test('waits for words however much it takes to stop an agent that speaks', () => {
    const bargeIn = { ...usualBargeIn, yieldMs: 1_500 };
    const scene = CallScene.greeted({ bargeIn }, words).callerSends(1_200, 'speech').forget().agentSpeaks(4_000);
    expect(scene.callerSends(200, 'speech').types).not.toContain('stream.media');
  });

  test('does not wait when it is the greeting, which has taken its time', () => {
    const scene = CallScene.answered({}, words).callerSends(6_000, 'silence').callerSends(800, 'speech').forget();
    expect(scene.agentSpeaks(2_000).types).toContain('stream.media');
  });

  test('does not wait for noise, which the agent has stopped for once', () => {
    const scene = agentTalks(true, {}, words).callerSends(2_000, 'speech').forget();
    expect(scene.notes('bargeIn')).toEqual([]);
    scene.happens({ type: 'model.turnCompleted', reason: null });
    expect(scene.agentSpeaks(6_000).types).toContain('stream.media');
  });

  // A television was taken for a caller who speaks, by each reply anew: each waited, and was stopped as soon as it had begun. `heardMs` is what
  // is heard of ten replies that do not wait.
  test.for<readonly [saidMs: number, pauseMs: number, heardMs: number]>([
    [1_500, 400, 5_300],
    [3_000, 400, 10_680],
    [6_000, 700, 15_080],
    [3_000, 2_000, 18_360],
  ])(
    'is heard beside a voice that goes on, but for one wait, if it speaks for %s ms and pauses for %s',
    ([saidMs, pauseMs, heardMs]) => {
      const scene = CallScene.greeted({}, words);
      const beforeMs = scene.tally.agent.heardNow / mulawBytesPerMs;
      const isVoice = () => scene.nowMs % (saidMs + pauseMs) < saidMs;
      const passes = (ms: number): void => {
        for (let atMs = 0; atMs < ms; atMs += 20)
          scene.callerHears(0).callerSends(20, isVoice() ? 'speech' : 'silence');
      };
      for (let reply = 0; reply < 10; reply++) {
        passes(1_300);
        scene.happens({ type: 'model.turnCompleted', reason: null }).agentSpeaks(4_000);
        scene.happens({ type: 'model.generationCompleted' });
        passes(4_800);
      }
      const [wait, ...others] = scene.notes('replyWaited');
      expect(others).toEqual([]);
      expect(scene.tally.agent.heardNow / mulawBytesPerMs - beforeMs).toBeGreaterThanOrEqual(
        heardMs - Number(wait?.ms),
      );
    },
  );

  test('does not wait for what is not a voice throughout', () => {
    expect(comes(400, { ...levels, voiceDetector: () => hearsMoving(1, 0.6) }).types).toContain('stream.media');
  });

  test('does not wait for what has not been a word yet', () => {
    expect(comes(180).types).toContain('stream.media');
  });

  test('does not wait for a sound that never ends', () => {
    expect(comes(8_200).types).toContain('stream.media');
  });

  test('does not wait for a hum', () => {
    expect(comes(800, { ...levels, voiceDetector: () => hearsMoving(0) }).types).toContain('stream.media');
  });
});

describe('a caller for whom the agent stopped', () => {
  /** The silence in which the end is noticed, and the wait. */
  const waits = 300 + 1_200;

  /** A voice is noticed after 60 ms, which is before the end of the wait. */
  const justBefore = waits - 80;

  test('is said to the model once more when no answer begins', () => {
    const scene = stopped()
      .callerSends(waits - 40, 'silence')
      .forget();
    expect(scene.notes('wordsSaidAgain')).toEqual([]);
    scene.callerSends(60, 'silence');
    expect(scene.notes('wordsSaidAgain')).toHaveLength(1);
    // All of it, a soft beginning before it, and a second of silence behind it.
    expect(scene.sentToModelMs).toBeGreaterThanOrEqual(800 + 240 + 1_000);
    expect(scene.sentToModelMs).toBeLessThan(800 + 240 + 1_000 + 100);
    scene.forget().callerSends(2_000, 'silence');
    expect(scene.notes('wordsSaidAgain')).toEqual([]);
    expect(scene.sentToModelMs).toBe(2_000);
    expect(scene.notes('answerAskedFor')).toHaveLength(1);
  });

  test.for<readonly [string, CallFact]>([
    ['stops', { type: 'model.interrupted' }],
    ['writes down what was said', { type: 'model.callerTranscript', text: 'Wait.' }],
    ['calls a tool', { type: 'model.toolCalled', calls: [{ id: '1', name: 'look_up', args: {} }] }],
  ])('is not, when the model %s', ([, fact]) => {
    const scene = stopped()
      .happens(fact)
      .callerSends(waits + 100, 'silence');
    expect(scene.notes('wordsSaidAgain')).toEqual([]);
  });

  test('is asked about at once, when the model has written down the words and holds on to its turn', () => {
    // A model that believes that it speaks may answer only when it has finished, in ten seconds, say. It has heard the words, so they
    // need not be said again.
    const scene = noticed();
    scene.callerSends(waits - 40, 'silence');
    expect(scene.texts.filter((text) => text.includes('waits. Answer now.'))).toHaveLength(0);
    scene.callerSends(60, 'silence');
    expect(scene.texts.filter((text) => text.includes('waits. Answer now.'))).toHaveLength(1);
    expect(scene.notes('wordsSaidAgain')).toEqual([]);
  });

  // Words are written down up to a second late. Counted from the caller's end, the request came just when the model began to answer, and
  // cut that off.
  test('is not asked about while the model may begin to answer what it has just written down', () => {
    const scene = stopped().callerSends(waits - 60, 'silence');
    scene.happens({ type: 'model.callerTranscript', text: 'Wait.' }).forget().callerSends(1_160, 'silence');
    expect(scene.notes('answerAskedFor')).toEqual([]);
    expect(scene.callerSends(60, 'silence').notes('answerAskedFor')).toHaveLength(1);
    expect(scene.notes('wordsSaidAgain')).toEqual([]);
  });

  test('is asked about in time, however long the model goes on writing down what it has heard', () => {
    const scene = noticed().callerSends(1_000, 'silence');
    scene.happens({ type: 'model.callerTranscript', text: 'Please.' }).callerSends(waits - 1_000 + 20, 'silence');
    expect(scene.notes('answerAskedFor')).toHaveLength(1);
  });

  // The model was asked to answer in the first 80 ms of the caller's next sentence, and spoke over the rest of it.
  test('is not asked about when just beginning to speak again', () => {
    const scene = noticed().callerSends(justBefore, 'silence').callerSends(800, 'speech');
    expect(scene.notes('answerAskedFor')).toEqual([]);
    expect(scene.callerSends(waits + 40, 'silence').notes('answerAskedFor')).toHaveLength(1);
  });

  test('is asked about a word later, when what was heard is none', () => {
    const scene = noticed().callerSends(justBefore, 'silence').callerSends(80, 'speech').callerSends(20, 'silence');
    expect(scene.notes('answerAskedFor')).toEqual([]);
    expect(scene.callerSends(100, 'silence').notes('answerAskedFor')).toHaveLength(1);
  });

  test('is not asked about, when the model has written down the words and ended its turn', () => {
    const scene = stopped().forget().happens({ type: 'model.callerTranscript', text: 'Wait.' });
    scene.callerSends(1_000, 'silence').happens({ type: 'model.turnCompleted', reason: null });
    scene.callerSends(2_000, 'silence');
    expect(scene.texts).toEqual([]);
  });

  test('is said once more, when the turn of the model was over meanwhile and it does not answer', () => {
    // The model hears nothing of what is said while it speaks, as it believes, and listens from there on: it has heard the half.
    const scene = cut().happens({ type: 'model.turnCompleted', reason: null }).callerSends(400, 'speech');
    scene.callerSends(300 + 1_960, 'silence');
    expect(scene.notes('wordsSaidAgain')).toEqual([]);
    scene.callerSends(60, 'silence');
    expect(scene.notes('wordsSaidAgain')).toHaveLength(1);
  });

  test('does not wait longer because of a sound that is no word', () => {
    const scene = stopped().callerSends(1_200, 'silence').callerSends(80, 'speech');
    scene.callerSends(waits + 40 - 1_280, 'silence');
    expect(scene.notes('wordsSaidAgain')).toHaveLength(1);
  });

  test('is not, when an answer begins', () => {
    const scene = stopped().callerSends(800, 'silence').agentSpeaks(500).callerSends(waits, 'silence');
    expect(scene.notes('wordsSaidAgain')).toEqual([]);
  });

  test('is not, while speaking again', () => {
    const scene = stopped().callerSends(1_000, 'silence').callerSends(2_000, 'speech');
    expect(scene.notes('wordsSaidAgain')).toEqual([]);
    scene.callerSends(waits + 40, 'silence');
    expect(scene.notes('wordsSaidAgain')).toHaveLength(1);
  });

  test('hears no step against the silence while going on after a short pause', () => {
    const scene = stopped().callerSends(400, 'silence').forget().callerSends(6_000, 'speech');
    expect(scene.steps).toEqual([]);
    expect(scene.all('stream.media')).toEqual([]);
  });

  test('is not, when the turn of the model was over before: it listens', () => {
    const scene = agentTalks(true).happens({ type: 'model.turnCompleted', reason: null });
    scene.callerSends(800, 'speech').callerSends(2 * waits, 'silence');
    expect(scene.notes('bargeIn')).toHaveLength(1);
    expect(scene.notes('wordsSaidAgain')).toEqual([]);
  });

  test('gives the model its time anew when it ends its turn meanwhile', () => {
    const scene = stopped().callerSends(1_300, 'silence').happens({ type: 'model.turnCompleted', reason: null });
    scene.callerSends(1_100, 'silence');
    expect(scene.notes('wordsSaidAgain')).toEqual([]);
    scene.callerSends(200, 'silence');
    expect(scene.notes('wordsSaidAgain')).toHaveLength(1);
  });

  test('is answered by request at last, which is no fault of the session', () => {
    const scene = stopped()
      .forget()
      .callerSends(waits + 1_150, 'silence');
    expect(scene.texts).toEqual([]);
    scene.callerSends(100, 'silence');
    expect(scene.texts).toHaveLength(1);
    expect(scene.texts[0]).toContain('The caller has finished speaking and waits.');
    scene.callerSends(3_900, 'silence');
    expect(scene.steps).toEqual([]);
    scene.callerSends(200, 'silence');
    expect(scene.steps).toEqual(['answer: nudge']);
  });

  test('has heard a reply, so that the steps for a session that says nothing begin anew', () => {
    const scene = CallScene.greeted({}, levels).callerAsks().callerSends(4_200, 'silence');
    expect(scene.steps).toEqual(['answer: nudge']);
    scene.agentSpeaks(8_000).passes(500).callerSends(800, 'speech').happens({ type: 'model.interrupted' });
    scene.callerSends(5_000, 'silence');
    expect(scene.steps).toEqual(['answer: nudge', 'answer: nudge']);
  });

  test('is heard by the next session, when this one is lost', () => {
    const scene = stopped().callerSends(400, 'silence').forget().modelReturns(100);
    expect(scene.sentToModelMs).toBeGreaterThanOrEqual(800);
  });

  test('is heard by the next session once', () => {
    const scene = stopped().callerSends(400, 'silence').modelReturns(100).forget();
    scene.callerSends(2 * waits, 'silence');
    expect(scene.notes('wordsSaidAgain')).toEqual([]);
    expect(scene.texts).toEqual([]);
  });

  test('does not disturb a goodbye that is decided meanwhile', () => {
    const scene = stopped().callerSends(800, 'silence');
    scene.happens({ type: 'operator.transferred', destination: 'support' }).forget();
    scene.callerSends(2 * waits, 'silence');
    expect(scene.notes('wordsSaidAgain')).toEqual([]);
    expect(scene.texts).toEqual([]);
  });

  test('waits for a tool that the model waits for, since a text would cancel it', () => {
    const look = { effect: 'read', timeoutMs: 20_000, confirm: false } as const;
    const scene = agentTalks(false, { tools: { look } }).toolCalled('t1', 'look').forget();
    scene.callerSends(800, 'speech').callerSends(3 * waits, 'silence');
    expect(scene.notes('bargeIn')).toHaveLength(1);
    expect(scene.notes('wordsSaidAgain')).toEqual([]);
    expect(scene.texts).toEqual([]);
    scene.toolFinished('t1').callerSends(1_300, 'silence');
    expect(scene.notes('wordsSaidAgain')).toHaveLength(1);
    scene.callerSends(1_300, 'silence');
    expect(scene.texts).toHaveLength(1);
  });

  test('is not hung up on by a model that has not noticed', () => {
    const end = { effect: 'call', timeoutMs: 8_000, confirm: false } as const;
    const scene = agentTalks(false, { tools: { end } }).callerSends(400, 'speech').agentSpeaks(500).forget();
    scene.toolCalled('t1', 'end').toolFinished('t1', { kind: 'hangUp' });
    expect(scene.all('model.answerTools')[0]?.answers[0]?.response).toHaveProperty('error');
    scene.callerSends(400, 'speech').callerSends(4_000, 'silence');
    expect(scene.phase).toBe('talking');
    scene.agentReplies(1_000).toolCalled('t2', 'end').toolFinished('t2', { kind: 'hangUp' });
    expect(scene.phase).toBe('leaving');
  });

  test('may be hung up on by a model that has written down what was said', () => {
    const end = { effect: 'call', timeoutMs: 8_000, confirm: false } as const;
    const scene = agentTalks(false, { tools: { end } }).callerSends(400, 'speech').agentSpeaks(500);
    scene.toolCalled('t1', 'end').happens({ type: 'model.callerTranscript', text: 'Goodbye.' });
    expect(scene.toolFinished('t1', { kind: 'hangUp' }).phase).toBe('leaving');
  });
});
