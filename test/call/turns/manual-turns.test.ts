import { describe, expect, test } from 'vitest';
import { type CallSettings, usualPatience } from '../../../src/call/call-settings.ts';
import { modelRules } from '../../../src/gemini/models.ts';
import { CallScene, modelClosed } from '../call-scene.ts';
import { hearsByLevel, hearsMoving } from '../hears-moving.ts';

const automatic = modelRules('gemini-3.8-live').behavior;
const settings: Partial<CallSettings> = {
  model: { first: { ...automatic, turnDetection: 'manual' }, fallback: null },
};

function answered(): CallScene {
  return CallScene.answered(settings, hearsByLevel);
}

/** A call after its greeting, in which nobody speaks. */
function greeted(audioPath = hearsByLevel): CallScene {
  return CallScene.greeted(settings, audioPath).callerSends(1_000, 'silence').forget();
}

/** How often the model was told that the caller begins and ends. */
function turns(scene: CallScene): { began: number; ended: number } {
  return { began: scene.all('model.activityStart').length, ended: scene.all('model.activityEnd').length };
}

function soundOf(scene: CallScene): number {
  return scene.sentToModelMs;
}

describe('in a silence of the agent', () => {
  test('the model hears the caller from before the beginning to half a second after the end, and nothing else', () => {
    const scene = greeted().callerSends(1_000, 'speech');
    expect(scene.types).toContain('model.activityStart');
    scene.callerSends(500, 'silence');
    expect(scene.all('model.activityEnd')).toEqual([]);
    scene.callerSends(1_500, 'silence');
    expect(scene.all('model.activityStart')).toHaveLength(1);
    expect(scene.all('model.activityEnd')).toHaveLength(1);
    // 360 ms from before the caller was noticed 60 ms late, a second of speech, and 540 ms of quiet.
    expect(soundOf(scene)).toBe(360 + 1_000 + 540);
    expect(scene.tally.caller.forwarded).toBe(8 * 1_900);
    expect(scene.notes('turnMarked')).toEqual([{ cause: 'quiet', ms: 1_340 }]);
  });

  test('a turn begins once so much speech has come that the model can make something of it', () => {
    const scene = greeted().callerSends(180, 'speech');
    expect(scene.types).toEqual([]);
    scene.callerSends(20, 'speech');
    expect(scene.types[0]).toBe('model.activityStart');
  });

  test('a sound that is too short is no turn', () => {
    const scene = greeted().callerSends(180, 'speech').callerSends(3_000, 'silence').passes(20_000);
    expect(scene.all('model.activityStart')).toEqual([]);
    expect(soundOf(scene)).toBe(0);
  });

  test('after long speech less quiet ends the turn', () => {
    const scene = greeted().callerSends(6_000, 'speech').callerSends(380, 'silence');
    expect(scene.all('model.activityEnd')).toEqual([]);
    expect(scene.callerSends(20, 'silence').all('model.activityEnd')).toHaveLength(1);
  });

  test('a pause within a sentence is part of the turn', () => {
    const scene = greeted().callerSends(600, 'speech').callerSends(460, 'silence').callerSends(600, 'speech');
    scene.callerSends(600, 'silence');
    expect(turns(scene)).toEqual({ began: 1, ended: 1 });
    expect(soundOf(scene)).toBe(360 + 600 + 460 + 600 + 540);
  });

  test('frames that do not come end a turn like quiet ones', () => {
    const scene = greeted().callerSends(600, 'speech').passes(2_000);
    expect(scene.all('model.activityEnd')).toHaveLength(1);
  });

  test('an answer is expected from the end of the turn on, and asked for when it does not come', () => {
    const scene = greeted().callerSends(600, 'speech').callerSends(540, 'silence');
    scene.callerSends(3_900, 'silence');
    expect(scene.steps).toEqual([]);
    scene.callerSends(200, 'silence');
    expect(scene.steps).toEqual(['answer: nudge']);
  });

  // An activityStart behind generationComplete can bring both late, and they swallow the answer (GM-VAD-7).
  test('an interruption that swallows the answer is made good by asking', () => {
    const scene = greeted().callerSends(600, 'speech').callerSends(600, 'silence');
    scene.happens({ type: 'model.interrupted' }, { type: 'model.turnCompleted', reason: null });
    scene.callerSends(4_200, 'silence');
    expect(scene.steps).toEqual(['answer: nudge']);
  });

  test('a turn whose end never comes is ended, and the caller is heard again after the answer', () => {
    const scene = greeted().callerSends(30_180, 'speech');
    expect(scene.all('model.activityEnd')).toEqual([]);
    scene.callerSends(20, 'speech');
    expect(scene.notes('turnMarked')).toEqual([{ cause: 'tooLong', ms: 30_000 }]);
    scene.forget().callerSends(1_000, 'speech');
    expect(turns(scene)).toEqual({ began: 0, ended: 0 });
    scene.agentSpeaks(400).happens({ type: 'model.generationCompleted' }).callerSends(400, 'speech').marksReturn();
    scene.callerSends(300, 'speech');
    expect(scene.all('model.activityStart')).toHaveLength(1);
  });

  test('a turn whose end never comes is ended after a pause within it, too', () => {
    const scene = greeted().callerSends(600, 'speech').callerSends(400, 'silence').callerSends(29_400, 'speech');
    expect(scene.notes('turnMarked')).toMatchObject([{ cause: 'tooLong' }]);
    scene.forget().callerSends(1_000, 'speech');
    expect(turns(scene)).toEqual({ began: 0, ended: 0 });
  });
});

/** The caller has said something, and one voice after the other comes from a television, so that no answer is heard. */
function besideTelevision(): CallScene {
  const scene = greeted().callerSends(2_000, 'noise').callerSends(800, 'speech').callerSends(600, 'noise');
  for (let voice = 0; voice < 3; voice++) scene.callerSends(400, 'speech').callerSends(700, 'noise');
  expect(turns(scene)).toEqual({ began: 4, ended: 4 });
  return scene.forget();
}

describe('beside noise', () => {
  test('an answer that was taken away again and again has time to come', () => {
    const scene = besideTelevision().callerSends(400, 'speech').callerSends(700, 'noise');
    expect(turns(scene).began).toBe(0);
    scene.agentSpeaks(2_000).callerSends(300, 'noise');
    expect(scene.types).toContain('stream.media');
    expect(scene.types).not.toContain('stream.clear');
  });

  test('nothing that was said meanwhile is lost when it does not come', () => {
    const scene = besideTelevision();
    for (let phrase = 0; phrase < 3; phrase++) scene.callerSends(400, 'speech').callerSends(400, 'noise');
    expect(turns(scene).began).toBe(1);
    // All that came since the end of the turn before.
    expect(soundOf(scene)).toBe(160 + 3 * 800);
  });

  test('who goes on speaking has a turn', () => {
    const scene = besideTelevision().callerSends(2_000, 'speech');
    expect(turns(scene).began).toBe(0);
    expect(turns(scene.callerSends(200, 'speech')).began).toBe(1);
  });

  test('that is over when the caller stops, each turn begins at once', () => {
    const scene = greeted();
    for (let voice = 0; voice < 6; voice++) scene.callerSends(400, 'speech').callerSends(700, 'silence');
    scene.forget().callerSends(200, 'speech');
    expect(turns(scene).began).toBe(1);
  });
});

/** The agent is one second into an answer of six. */
function speaking(audioPath = hearsByLevel): CallScene {
  const scene = greeted(audioPath).callerSends(600, 'speech').callerSends(600, 'silence');
  return scene.agentSpeaks(6_000).callerSends(1_000, 'silence').forget();
}

describe('while the agent speaks', () => {
  test('a caller who goes on speaking has the turn, from before the beginning, and the agent is stopped first', () => {
    const scene = speaking().callerSends(180, 'speech');
    expect(told(scene)).toEqual([]);
    scene.callerSends(220, 'speech');
    expect(told(scene)).toEqual(['model.activityStart']);
    expect(scene.types.lastIndexOf('stream.clear')).toBeLessThan(scene.types.indexOf('model.activityStart'));
    expect(scene.types.slice(scene.types.indexOf('model.activityStart'))).not.toContain('stream.media');
    expect(soundOf(scene)).toBe(360 + 400);
    expect(scene.notes('bargeIn')).toMatchObject([{ by: 'ear', why: 'speech' }]);
  });

  test('a word after which the caller waits is a turn, however short it is', () => {
    const scene = speaking({ ...hearsByLevel, voiceDetector: () => hearsMoving(1) });
    scene.callerSends(120, 'speech').callerSends(1_200, 'silence');
    expect(turns(scene)).toEqual({ began: 1, ended: 1 });
    expect(scene.notes('bargeIn')).toMatchObject([{ by: 'ear', why: 'word' }]);
  });

  test('what the model still says of the turn before is not heard', () => {
    const scene = speaking().callerSends(600, 'speech').forget();
    scene.agentSpeaks(1_000).happens({ type: 'model.agentTranscript', text: 'Your order is on its way.' });
    scene.callerSends(500, 'speech').agentSpeaks(1_000);
    expect(scene.all('stream.media')).toEqual([]);
    scene.happens({ type: 'model.interrupted' }).callerSends(600, 'silence').agentSpeaks(500);
    expect(scene.all('stream.media')).not.toEqual([]);
  });

  test('a cough is never told to the model', () => {
    const scene = speaking().callerSends(120, 'speech').callerSends(4_000, 'silence');
    expect(told(scene)).toEqual([]);
  });

  test('an answer to the last words is a turn once they have been heard', () => {
    // It was no more than a hum, which stops nobody.
    const scene = speaking({ ...hearsByLevel, voiceDetector: () => hearsMoving(0) });
    scene.happens({ type: 'model.generationCompleted' }).marksReturn();
    for (let second = 0; second < 2; second++) scene.callerSends(1_000, 'silence').marksReturn();
    scene.callerSends(400, 'speech').callerSends(400, 'silence');
    expect(turns(scene)).toEqual({ began: 0, ended: 0 });
    scene.marksReturn().callerSends(400, 'silence').marksReturn().callerSends(400, 'silence');
    expect(turns(scene)).toEqual({ began: 1, ended: 1 });
  });
});

describe('a turn and what else the model is told', () => {
  test('text waits for the end of the turn', () => {
    const scene = greeted().callerSends(400, 'speech');
    scene.happens({ type: 'operator.said', text: 'We close at six.' }).callerSends(20_000, 'speech');
    expect(scene.texts).toEqual([]);
    scene.callerSends(540, 'silence');
    expect(scene.types.filter(notAudio).slice(-2)).toEqual(['model.activityEnd', 'model.sendText']);
  });

  test('the goodbye at the longest duration ends the turn and comes at once', () => {
    const scene = CallScene.greeted({ ...settings, callMsMax: 5_000 }, hearsByLevel);
    scene.callerSends(6_000, 'speech');
    const order = scene.types.filter((type) => type === 'model.activityEnd' || type === 'model.sendText');
    expect(order.slice(0, 2)).toEqual(['model.activityEnd', 'model.sendText']);
  });
});

describe('a session that is lost', () => {
  test('in a turn has the next one told the turn from its beginning', () => {
    const scene = greeted().callerSends(1_000, 'speech').forget();
    scene.modelReturns(100).callerSends(600, 'speech');
    expect(scene.all('model.activityStart')).toHaveLength(1);
    expect(scene.all('model.activityEnd')).toEqual([]);
    expect(soundOf(scene)).toBeGreaterThan(1_000 + 600);
    scene.callerSends(600, 'silence');
    expect(scene.all('model.activityEnd')).toHaveLength(1);
  });

  test('has the next one told what the caller said meanwhile, as a whole turn', () => {
    const scene = greeted();
    scene.happens(modelClosed(1006, '')).callerSends(800, 'speech').callerSends(1_500, 'silence').forget();
    scene.happens({ type: 'model.opened' });
    expect(scene.types.filter(notAudio)).toEqual(['model.activityStart', 'model.activityEnd']);
  });

  test('has the agent silent for what the caller said meanwhile over the rest of its words', () => {
    const scene = CallScene.greeted({ ...settings, bargeIn: null }, hearsByLevel);
    scene.callerSends(600, 'speech').callerSends(600, 'silence').agentSpeaks(10_000);
    scene.happens(modelClosed(1006, '')).callerSends(800, 'speech').forget();
    scene.happens({ type: 'model.opened' });
    expect(turns(scene).began).toBe(1);
    expect(scene.types).toContain('stream.clear');
  });

  test('takes its turn along, however long no other session comes', () => {
    const patient = { ...usualPatience, idleMs: 600_000, outageMs: 60_000 };
    const scene = CallScene.greeted({ ...settings, patience: patient }, hearsByLevel);
    scene.callerSends(1_000, 'speech').happens(modelClosed(1006, '')).callerSends(40_000, 'speech').forget();
    expect(scene.happens({ type: 'model.opened' }).types[0]).toBe('model.activityStart');
  });

  test('leaves a caller who speaks meanwhile with the hope of an answer', () => {
    const scene = greeted().happens(modelClosed(1006, '')).callerSends(800, 'speech').callerSends(2_200, 'silence');
    expect(scene.all('stream.media')).not.toEqual([]);
  });

  test('leaves the caller as the model hears the turns of the next one', () => {
    const scene = CallScene.greeted(
      { model: { first: automatic, fallback: { ...automatic, turnDetection: 'manual' } } },
      hearsByLevel,
    );
    scene
      .happens(modelClosed(1008, '', 'otherModel'))
      .passes(1)
      .happens({ type: 'model.opened' })
      .forget();
    scene.callerSends(1_000, 'speech').callerSends(700, 'silence');
    expect(turns(scene)).toEqual({ began: 1, ended: 1 });
    expect(soundOf(scene)).toBe(1_000 + 540);
  });
});

describe('the greeting', () => {
  test('is not disturbed by silence or by a word', () => {
    const scene = answered().callerSends(500, 'silence').agentSpeaks(1_000).callerSends(400, 'speech');
    expect(soundOf(scene)).toBe(0);
    scene.happens({ type: 'model.generationCompleted' }).callerSends(800, 'silence').marksReturn();
    scene.callerSends(20, 'silence');
    expect(scene.types.filter(notAudio).slice(-2)).toEqual(['model.activityStart', 'model.activityEnd']);
  });

  test('is not disturbed by noise, which is no turn when it has been heard', () => {
    const scene = answered().agentSpeaks(2_000).forget().callerSends(2_000, 'noise');
    expect(scene.types).not.toContain('stream.clear');
    scene.happens({ type: 'model.generationCompleted' }).marksReturn().callerSends(1_000, 'noise');
    expect(turns(scene)).toEqual({ began: 0, ended: 0 });
  });

  test('is stopped by a caller who goes on speaking over it', () => {
    const scene = answered().agentSpeaks(5_000).forget().callerSends(720, 'speech');
    expect(scene.types).toContain('stream.clear');
    expect(turns(scene)).toEqual({ began: 1, ended: 0 });
  });
});

describe('a goodbye', () => {
  const move = { effect: 'call', timeoutMs: 8_000, confirm: false } as const;

  test('is heard, although the caller says something before it begins', () => {
    const scene = CallScene.greeted({ ...settings, tools: { move } }, hearsByLevel).callerSends(1_000, 'silence');
    scene.toolCalled('t1', 'move').toolFinished('t1', { kind: 'transfer', destination: 'support', reason: null });
    scene.forget().callerSends(600, 'speech').agentSpeaks(1_500);
    expect(turns(scene)).toEqual({ began: 0, ended: 0 });
    expect(scene.types).toContain('stream.media');
  });

  test('that an operator orders does not wait for the end of the turn', () => {
    const scene = greeted().callerSends(1_000, 'speech').forget();
    scene.happens({ type: 'operator.transferred', destination: 'support' });
    expect(told(scene)).toEqual(['model.activityEnd', 'model.sendText']);
    scene.callerSends(500, 'speech').agentSpeaks(1_500);
    expect(scene.types).toContain('stream.media');
    expect(turns(scene).began).toBe(0);
  });
});

/** What the model was told, but for sound. */
function told(scene: CallScene): string[] {
  return scene.types.filter((type) => type.startsWith('model.') && notAudio(type));
}

function notAudio(type: string): boolean {
  return type !== 'model.sendAudio';
}
