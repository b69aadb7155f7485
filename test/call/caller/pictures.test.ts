import { describe, expect, test } from 'vitest';
import { usualPatience } from '../../../src/call/call-settings.ts';
import type { CallFact } from '../../../src/call/events.ts';
import { modelRules } from '../../../src/gemini/models.ts';
import { CallScene, modelClosed } from '../call-scene.ts';

const picture: CallFact = { type: 'caller.pictured', bytes: 80_000 };
const { behavior } = modelRules('gemini-3.8-live');
const covered: CallFact = { type: 'model.resumptionUpdated', handle: 'h1', resumable: true };

describe('a picture', () => {
  test('goes to the model at once, also while the agent speaks', () => {
    const scene = CallScene.greeted().agentSpeaks(2_000).forget().happens(picture);
    expect(scene.ordered).toEqual([
      { type: 'model.sendPicture', bytes: 80_000 },
      { type: 'request.answer', refusal: null },
    ]);
  });

  test('is taken once a second, by a clock that may tick a little early', () => {
    const scene = CallScene.greeted();
    for (const ms of [0, 900, 200, 900, 1_000]) scene.passes(ms).happens(picture);
    expect(refused(scene)).toEqual([null, null, 'tooSoon', null, null]);
    // Ten in five seconds, and half of them is one a second.
    const fast = CallScene.greeted();
    for (let count = 0; count < 10; count += 1) fast.happens(picture).passes(500);
    expect(fast.all('model.sendPicture')).toHaveLength(5);
    // Whoever is always early gains nothing by it.
    const early = CallScene.greeted();
    for (let count = 0; count < 10; count += 1) early.happens(picture).passes(800);
    expect(early.all('model.sendPicture')).toHaveLength(7);
  });

  test.for<[why: string, scene: () => CallScene, fact: CallFact]>([
    ['pictureTooLarge', () => CallScene.greeted(), { ...picture, bytes: 200_001 }],
    ['noSession', () => CallScene.greeted().happens(modelClosed(1006, '')).passes(0), picture],
    ['noSession', () => CallScene.greeted().happens({ type: 'stream.closed', code: 1006 }), picture],
    ['noSession', () => CallScene.greeted().happens({ type: 'service.drained' }), picture],
    ['callIsOver', () => CallScene.greeted().happens({ type: 'call.completed' }), picture],
    ['modelTakesNoPictures', () => CallScene.greeted({ model: { first: blind, fallback: null } }), picture],
  ])('is refused: %s', ([why, sceneOf, fact]) => {
    const scene = sceneOf().forget().happens(fact);
    expect(scene.ordered).toEqual([{ type: 'request.answer', refusal: why }]);
  });

  test('is counted, and the count is noted at the end of a call that was shown any', () => {
    const scene = CallScene.greeted().happens(picture, picture).passes(1_000).happens(picture);
    scene.happens({ type: 'call.completed' });
    expect(scene.notes('picturesShown')).toEqual([{ pictures: 2, bytes: 160_000, refused: 1 }]);
    expect(CallScene.greeted().happens({ type: 'call.completed' }).notes('picturesShown')).toEqual([]);
  });
});

describe('a session without compression that is shown pictures', () => {
  const model = { first: { ...behavior, pictures: 'shortenSession' }, fallback: null } as const;
  const patience = { ...usualPatience, idleMs: 600_000 };

  test('is replaced by a fresh one in a quiet moment, before the service ends it', () => {
    const scene = CallScene.greeted({ model, patience }).happens(covered, picture);
    scene.passes(85_000);
    expect(scene.all('model.open')).toEqual([]);
    scene.passes(5_000);
    expect(scene.notes('modelRotated')).toEqual([{ cause: 'pictures' }]);
    expect(scene.all('model.open')).toMatchObject([{ handle: null }]);
    scene.happens({ type: 'model.opened' }, picture).passes(95_000);
    expect(scene.notes('modelRotated')).toHaveLength(2);
  });

  test('is replaced soon when it is old already', () => {
    const scene = CallScene.greeted({ model, patience }).happens(covered).passes(100_000);
    scene.happens(picture).passes(0);
    expect(scene.notes('modelRotated')).toEqual([{ cause: 'pictures' }]);
  });

  test('is replaced within two minutes although nobody is quiet', () => {
    const scene = CallScene.greeted({ model, patience }).happens(covered, picture).agentSpeaks(130_000);
    expect(scene.passes(119_000).notes('modelRotated')).toEqual([{ cause: 'pictures' }]);
  });

  test('is replaced no later for it when the service has said that it ends', () => {
    const scene = CallScene.greeted({ model, patience }).happens(covered).agentSpeaks(60_000);
    scene.happens({ type: 'model.goingAway', timeLeftMs: 50_000 }, picture).passes(48_000);
    expect(scene.notes('modelRotated')).toEqual([{ cause: 'goAway' }]);
  });

  test('lives as long as any other with compression', () => {
    const scene = CallScene.greeted({ patience }).happens(covered, picture).passes(125_000);
    expect(scene.notes('modelRotated')).toEqual([]);
  });
});

const blind = { ...behavior, pictures: 'refused' } as const;

function refused(scene: CallScene): (string | null)[] {
  return scene.all('request.answer').map(({ refusal }) => refusal);
}
