import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { loadAgentClips } from '../../../src/sim/model/speech/agent-clips.ts';
import { parseScript, sessionScript } from '../../../src/sim/model/script/script.ts';

describe('a script', () => {
  test.each([
    [{ turns: [{ steps: [{ say: 'short', loudness: 2 }] }] }, /"loudness"[^]*turns\[0\]\.steps\[0\]/],
    [{ turns: [{ step: [] }] }, /"step"[^]*turns\[0\]/],
    [{ turns: [], latency: 3 }, /"latency"/],
    [{ turns: [{ steps: [{ say: 'unheard-of' }] }] }, /No such clip: unheard-of/],
    [{ turns: [{ steps: [{ call: { name: 'f', answered: [{ say: 'gone' }] } }] }] }, /No such clip: gone/],
    [{ turns: [], sessions: [{}, { latency: 3 }] }, /"latency"[^]*sessions\[1\]/],
    [{ turns: [], sessions: [{ turns: [{ steps: [{ say: 'gone' }] }] }] }, /No such clip: gone/],
    [{ turns: [], replies: [{ to: 'x', turn: { steps: [{ say: 'gone' }] } }] }, /No such clip: gone/],
    [{ turns: [], defects: [{ turn: 2, defect: 'sulky' }] }, /defects\[0\]/],
    [{ turns: [], defects: [{ turn: 2, defect: 'late', forMs: 3 }] }, /"forMs"[^]*defects\[0\]/],
    [{ turns: [], defects: [{ turn: 0, defect: 'silent' }] }, /defects\[0\]\.turn/],
    [{ turns: [], defects: [{ turn: 2, defect: 'silent', deaf: 'forever' }] }, /defects\[0\]\.deaf/],
    [{ turns: [], refuseHandle: 'notAClose' }, /no close named notAClose/],
  ])('like %j is refused with the place of the fault', (script, place) => {
    expect(() => parseScript(script, ['short'])).toThrow(place);
  });

  test('that was read can be read again, and comes out the same', () => {
    const script = {
      turns: [{ steps: [{ call: { name: 'f' } }, { say: 'short' }] }],
      refuseHandle: 'aborted',
      sessions: [{ deadHandle: 'argumentInvalid', latencyMs: 5 }],
    };
    const once = parseScript(script, ['short']);
    expect(parseScript(once, ['short'])).toEqual(once);
    expect(sessionScript(once, 1)).toMatchObject({
      deadHandle: { code: 1007 },
      latencyMs: 5,
      refuseHandle: { code: 1008 },
    });
    expect(sessionScript(once, 2)).toMatchObject({ deadHandle: { code: 1008 }, latencyMs: 900 });
  });

  test('that the documentation shows can be read', () => {
    const guide = readFileSync(new URL('../../../docs/simulation.md', import.meta.url), 'utf8');
    const examples = [...guide.matchAll(/^```json\n([^]*?)^```/gm)].map(([, text = '']): unknown => JSON.parse(text));
    expect(examples).toHaveLength(1);
    expect(parseScript(examples[0], ['hello', 'short'])).toMatchObject({ sessions: { length: 4 } });
  });

  test('of a scenario in the fixtures is valid and uses committed clips', () => {
    const folder = new URL('../../../fixtures/scenarios/', import.meta.url);
    const clipNames = [...loadAgentClips().keys()];
    const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const { model } = z
        .looseObject({ model: z.unknown() })
        .parse(JSON.parse(readFileSync(new URL(file, folder), 'utf8')));
      expect(() => parseScript(model, clipNames)).not.toThrow();
    }
  });
});
