import { describe, expect, test } from 'vitest';
import { usualPatience } from '../../../src/call/call-settings.ts';
import { levelAudioPath } from '../../../src/sim/world/level-audio-path.ts';
import { shippedComfortSounds } from '../../../src/sounds/comfort-sounds.ts';
import { mulawCodec } from '../../../src/sounds/mulaw-codec.ts';
import { CallScene } from '../call-scene.ts';

const levels = levelAudioPath(mulawCodec, shippedComfortSounds);

/** The pause that ends speech. */
const endMs = 600;

/** A caller on a line that is as loud as speech all the time, who has just said something. */
function speaksInNoise(): CallScene {
  return CallScene.greeted({}, levels).callerSends(3_000, 'noise').callerSends(800, 'speech').forget();
}

describe('a caller who stops in noise', () => {
  test('waits for an answer from then on, and hears a comfort tone', () => {
    const scene = speaksInNoise().callerSends(endMs + usualPatience.toneMs - 20, 'noise');
    expect(scene.types).not.toContain('stream.media');
    scene.callerSends(60, 'noise');
    expect(scene.types).toContain('stream.media');
  });

  test('and goes on within the pause has not stopped', () => {
    const scene = speaksInNoise();
    scene
      .callerSends(endMs - 100, 'noise')
      .callerSends(800, 'speech')
      .callerSends(usualPatience.toneMs, 'noise');
    expect(scene.types).not.toContain('stream.media');
    expect(scene.tally.caller).toMatchObject({ replaced: (usualPatience.toneMs - endMs + 20) * 8, resent: 0 });
  });

  test('and speaks again, is not disturbed by the tone', () => {
    const scene = speaksInNoise()
      .callerSends(endMs + 200, 'noise')
      .callerSends(usualPatience.toneMs, 'speech');
    expect(scene.types).not.toContain('stream.media');
  });

  test('has said nothing, when it was noise alone', () => {
    const scene = CallScene.greeted({}, levels).callerSends(8_000, 'noise');
    expect(scene.types).not.toContain('stream.media');
    expect(scene.tally.caller.replaced).toBe(0);
  });
});

describe('the model', () => {
  test('hears quiet in place of the noise once the caller has stopped, and not sooner', () => {
    const scene = speaksInNoise().callerSends(endMs - 20, 'noise');
    expect(scene.tally.caller.replaced).toBe(0);
    scene.forget().callerSends(2_000, 'noise');
    expect(scene.types).not.toContain('model.sendAudio');
    expect(scene.sentToModelMs).toBe(2_000);
  });

  test('hears the beginning of what the caller says next', () => {
    const scene = speaksInNoise()
      .callerSends(endMs + 1_000, 'noise')
      .forget()
      .callerSends(400, 'speech');
    expect(scene.tally.caller.resent).toBe(200 * 8);
    expect(scene.sentToModelMs).toBe(400 + 200);
    const audible = scene.ordered.filter(({ type }) => type === 'model.sendAudio');
    // It is noticed with its third frame, which is the first that is not left out.
    expect(audible).toHaveLength(400 / 20 - 2 + 200 / 20);
  });

  test('hears the noise again when the ear has heard nobody for long', () => {
    const scene = speaksInNoise()
      .callerSends(endMs - 20, 'noise')
      .agentSpeaks(20_000);
    scene.callerSends(10_000, 'noise').forget().callerSends(100, 'noise');
    expect(scene.types).toContain('model.sendAudio');
    expect(scene.tally.caller.replaced).toBe(10_000 * 8);
  });

  test('hears the line as it is when that falls silent', () => {
    const scene = speaksInNoise()
      .callerSends(endMs + 400, 'noise')
      .callerSends(2_000, 'silence');
    scene.forget().callerSends(400, 'speech');
    expect(scene.tally.caller.resent).toBe(0);
  });
});
