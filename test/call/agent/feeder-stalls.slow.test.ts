import { expect, test } from 'vitest';
import { seededRandom } from '../../../src/sim/seeded-random.ts';
import { FeederScene, PhoneNetwork, soundFrom } from './feeder-scene.ts';

/** A model that speaks three times as fast as its voice. */
const messageMs = { sound: 120, every: 40 };

test.each([100, 200, 300, 400, 500])(
  'lines that stand still for %d ms leave no more gaps at the ear than if all were sent at once',
  (stillMs) => {
    const gaps = { fed: 0, atOnce: 0 };
    const next = seededRandom(stillMs);
    for (let reply = 0; reply < 40; reply++) {
      const stallsMs = new Set([next() % 2_000, 2_500 + (next() % 3_000)]);
      const scene = new FeederScene(20);
      const atOnce = new PhoneNetwork(20, () => {});
      for (let ms = 0; ms < 8_000; ms++) {
        const saidMs = (ms / messageMs.every) * messageMs.sound;
        if (ms % messageMs.every === 0 && saidMs < 6_000) {
          const audio = soundFrom(messageMs.sound, saidMs);
          scene.says(audio);
          atOnce.send(audio);
          if (saidMs + messageMs.sound >= 6_000) scene.ends();
        }
        if (stallsMs.has(ms)) for (const network of [scene.network, atOnce]) network.standStill(stillMs);
        scene.passes(1);
        atOnce.advance();
      }
      expect(scene.heard).toEqual([...soundFrom(6_000)]);
      gaps.fed += scene.network.gapsMs;
      gaps.atOnce += atOnce.gapsMs;
    }
    expect(gaps.fed).toBeLessThanOrEqual(gaps.atOnce);
  },
);
