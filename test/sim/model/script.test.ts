import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { loadAgentClips } from '../../../src/sim/model/agent-clips.ts';
import { parseScript } from '../../../src/sim/model/script.ts';

describe('a script', () => {
  test.each([
    [{ turns: [{ steps: [{ say: 'short', loudness: 2 }] }] }, /"loudness"[^]*turns\[0\]\.steps\[0\]/],
    [{ turns: [{ step: [] }] }, /"step"[^]*turns\[0\]/],
    [{ turns: [], latency: 3 }, /"latency"/],
    [{ turns: [{ steps: [{ say: 'unheard-of' }] }] }, /No such clip: unheard-of/],
    [{ turns: [{ steps: [{ call: { name: 'f', answered: [{ say: 'gone' }] } }] }] }, /No such clip: gone/],
  ])('like %j is refused with the place of the fault', (script, place) => {
    expect(() => parseScript(script, ['short'])).toThrow(place);
  });

  test('of a scenario in the fixtures is valid and uses committed clips', () => {
    const folder = new URL('../../../fixtures/scenarios/', import.meta.url);
    const clipNames = [...loadAgentClips().keys()];
    const files = readdirSync(folder);
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const { model } = z
        .looseObject({ model: z.unknown() })
        .parse(JSON.parse(readFileSync(new URL(file, folder), 'utf8')));
      expect(() => parseScript(model, clipNames)).not.toThrow();
    }
  });
});
