import { describe, expect, test } from 'vitest';
import { DialogueSeed, type DialogueResult } from '../../dev/resilience/seed.ts';
import { exceptionsText, excusesText, holds, summary, tableText, verdictText } from '../../dev/resilience/table.ts';
import { Call } from '../../src/call/call.ts';
import type { CallEffect } from '../../src/call/effects.ts';
import type { CallEvent } from '../../src/call/events.ts';
import { shippedComfortSounds } from '../../src/sounds/comfort-sounds.ts';
import { markedComfortSounds } from '../../src/sim/judges/heard-stream.ts';

test('a seed gives the same on every run', () => {
  const results = [1, 2].map(() => new DialogueSeed(35).run('three at random'));
  expect(results[0]).toEqual(results[1]);
});

const silence = 0xff;
const { tone, phrase } = markedComfortSounds(shippedComfortSounds);
const toneCode = tone[0] ?? silence;

/** It tells the model nothing but to greet, stays with one session, and says nothing of what it would have done. */
class StubbornCall extends Call {
  #hasOpened = false;
  #isOpen = false;

  override handle(event: CallEvent): readonly CallEffect[] {
    const effects = super.handle(event).filter((effect) => this.#isDone(effect));
    this.#isOpen ||= event.type === 'model.opened';
    // For the model the session that was left is still there.
    const isHeld =
      this.#isOpen && event.type === 'stream.media' && !effects.some(({ type }) => type === 'model.sendAudio');
    return isHeld ? [...effects, { type: 'model.sendAudio', pcm: new Uint8Array(4 * event.audio.length) }] : effects;
  }

  #isDone(effect: CallEffect): boolean {
    if (effect.type === 'note' || effect.type === 'model.close') return false;
    if (effect.type === 'model.sendText') return effect.prompts.includes('greeting');
    if (effect.type !== 'model.open') return true;
    const isFirst = !this.#hasOpened;
    this.#hasOpened = true;
    return isFirst;
  }
}

class TwiceCall extends Call {
  override handle(event: CallEvent): readonly CallEffect[] {
    return super
      .handle(event)
      .flatMap((effect): CallEffect[] => (effect.type === 'tool.run' ? [effect, effect] : [effect]));
  }
}

class ForgetfulCall extends Call {
  override handle(event: CallEvent): readonly CallEffect[] {
    const effects = super.handle(event);
    if (event.type !== 'model.opened') return effects;
    return effects.map((effect) =>
      effect.type === 'model.sendAudio' ? { ...effect, pcm: new Uint8Array(effect.pcm.length) } : effect,
    );
  }
}

class LingeringCall extends Call {
  override handle(event: CallEvent): readonly CallEffect[] {
    const effects = super.handle(event);
    if (this.phase !== 'leaving' && this.phase !== 'betweenStreams') return effects;
    return effects
      .filter(({ type }) => type !== 'stream.close')
      .map((effect) =>
        effect.type === 'stream.media'
          ? { ...effect, audio: new Uint8Array(effect.audio.length).fill(silence) }
          : effect,
      );
  }
}

describe('a core is found out that', () => {
  // The seed of each is that of a short dialogue which shows it.
  test.for([
    [
      'covers with silence',
      'no answer, deaf until nudged',
      42,
      /no first sound in 1500 ms/,
      sounding(isComfort, silence),
    ],
    [
      'plays the tone where words are due',
      'no answer, deaf until resumed',
      16,
      /no first words in 4000 ms/,
      sounding(isLine, toneCode),
    ],
    ['takes no step of the ladder', 'no answer, deaf for ever', 25, /no step in 8000 ms/, StubbornCall],
    [
      'runs a tool twice',
      'nothing after a tool, deaf until nudged',
      17,
      /the tool call \S+ ran more than once/,
      TwiceCall,
    ],
    [
      'forgets what was said while no session was there',
      '1006 cut, caller speaks',
      41,
      /words reached no session/,
      ForgetfulCall,
    ],
    ['neither says goodbye nor goes', 'nothing goes wrong', 17, /no goodbye in 3000 ms/, LingeringCall],
  ] as const)('%s', ([, row, seed, cause, DefectiveCall]) => {
    const makeCall = (...parts: ConstructorParameters<typeof Call>): Call => new DefectiveCall(...parts);
    const { causes } = new DialogueSeed(seed, makeCall).run(row);
    expect(causes.join('\n')).toMatch(cause);
  });
});

describe('the table', () => {
  const result: DialogueResult = {
    row: 'a fault',
    seed: 1,
    outcome: 'wentOn',
    causes: [],
    excuse: null,
    gapMs: 900,
    allowedMs: 1000,
    lostMs: 0,
  };

  test('holds while one call in twenty waits longer than it may, and not when two do', () => {
    const late = { ...result, gapMs: 1001 };
    const calls = (lateCalls: number) => [
      ...Array.from({ length: 20 - lateCalls }, () => result),
      ...Array.from({ length: lateCalls }, () => late),
    ];
    expect(holds(summary('a fault', calls(1)))).toBe(true);
    expect(holds(summary('a fault', calls(2)))).toBe(false);
  });

  test('names the calls for which nobody can be blamed, and holds with them', () => {
    const lost = { ...result, outcome: 'lost', gapMs: null, excuse: 'the line lost it' } as const;
    const one = summary('a fault', [result, lost]);
    expect(holds(one)).toBe(true);
    expect(excusesText(one)).toBe('a fault, seed 1: the line lost it.');
    expect(tableText([one]).split('\n')[2]).toContain('|     2 |       1 |        0 |          1 |');
  });

  test('counts outcomes, adds up what was lost, and leaves out the gap of calls that did not go on', () => {
    const fell = { ...result, outcome: 'fallback', gapMs: null, lostMs: 250 } as const;
    const lines = tableText([summary('a fault', [result, fell, { ...fell, causes: ['it is silent'] }])]).split('\n');
    expect(lines[2]?.split('|').map((cell) => cell.trim())).toEqual([
      '',
      'a fault',
      '3',
      '1',
      '2',
      '1',
      '0.90 s',
      '0.90 s',
      '1.00 s',
      '0.50 s',
      '',
    ]);
  });

  test('says at its end that all holds, or how much does not', () => {
    const [well, broken] = [summary('a', [result]), summary('b', [{ ...result, causes: ['it is silent'] }])];
    expect(verdictText([well])).toBe('All rows hold.');
    expect(verdictText([well, broken])).toBe('1 of 2 rows do not hold.');
  });

  test('tells of an exception how to see it again', () => {
    const text = exceptionsText(summary('a fault', [{ ...result, seed: 42, causes: ['it is silent', 'it is lost'] }]));
    expect(text).toContain('seed 42: it is silent; it is lost');
    expect(text).toContain('npm run resilience -- --fault "a fault" --seed 42');
  });
});

/** Plays a sound of the same length in place of some others: for the core all is as it should be. */
function sounding(isReplaced: (audio: Uint8Array) => boolean, code: number): typeof Call {
  return class extends Call {
    override handle(event: CallEvent): readonly CallEffect[] {
      return super.handle(event).map((effect) => {
        if (effect.type !== 'stream.media' || !isReplaced(effect.audio)) return effect;
        return { ...effect, audio: new Uint8Array(effect.audio.length).fill(code) };
      });
    }
  };
}

function isLine(audio: Uint8Array): boolean {
  return audio.length === phrase.length && audio[0] === phrase[0];
}

function isComfort(audio: Uint8Array): boolean {
  return isLine(audio) || (audio.length === tone.length && audio[0] === toneCode);
}
