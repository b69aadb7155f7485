import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { mutantsOf, mutantsOfRooms, sample } from '../../dev/mutants/drawing/draw.ts';
import { type Mutant, mutantOf, type RuleName, ruleNames, type Trial, type Verdict } from '../../dev/mutants/mutant.ts';
import { report } from '../../dev/mutants/report.ts';
import { isJudged, type Room, rooms } from '../../dev/mutants/room.ts';

const root = join(import.meta.dirname, '../..');
/** Those of each room. */
const known = mutantsOfRooms(root, rooms);

/** What each rule shall draw from a snippet, and nothing beside: what stands there, and what comes in its place. */
const cases: readonly (readonly [RuleName, string, readonly (readonly [string, string])[]])[] = [
  ['drop effect', "this.#out.do({ type: 'call.end' });", [["this.#out.do({ type: 'call.end' })", 'void 0']]],
  ['drop effect', 'return this.#out.do(...taken);', [['this.#out.do(...taken)', 'void 0']]],
  [
    'drop effect',
    "out.do({ type: 'a' }, { type: 'b' });",
    [
      ["{ type: 'a' }, ", ''],
      [", { type: 'b' }", ''],
    ],
  ],
  [
    'drop effect',
    "return [{ type: 'stream.media', audio }, { type: 'stream.mark' }, { kind: 'none' }];",
    [
      ["{ type: 'stream.media', audio }, ", ''],
      ["{ type: 'stream.mark' }, ", ''],
    ],
  ],
  [
    'drop note',
    "out.note('info', 'hello', {}); out.noteFault(fault); out.do({ type: 'note' }); this.#log.warn({}, 'hello');",
    [
      ["out.note('info', 'hello', {})", 'void 0'],
      ['out.noteFault(fault)', 'void 0'],
      ["out.do({ type: 'note' })", 'void 0'],
      ["this.#log.warn({}, 'hello')", 'void 0'],
    ],
  ],
  [
    'negate guard',
    'if (a && !b) f(); else if (c) g(); const d = e === 1 ? 2 : 3; while (a) h();',
    [
      ['a && !b', '!(a && !b)'],
      ['c', '!(c)'],
      ['e === 1', '!(e === 1)'],
    ],
  ],
  [
    'omit deadline',
    "if (a) out.wait('tool', 1); return out.waitUntil('tool', at);",
    [
      ["out.wait('tool', 1)", 'void 0'],
      ["out.waitUntil('tool', at)", 'void 0'],
    ],
  ],
  [
    'keep deadline',
    "out.stopWaiting('tool'); out.stopWaiting('a', 'b'); out.stopAllWaiting();",
    [
      ["out.stopWaiting('tool')", 'void 0'],
      ["'a', ", ''],
      [", 'b'", ''],
      ['out.stopAllWaiting()', 'void 0'],
    ],
  ],
  [
    'count sent as heard',
    'const at = { sentMs: sentMs, heardMs: heardMs }; if (at.heardMs < limit) voice.heard = bytes; return unheard.heardBytes;',
    [
      ['heardMs', 'sentMs'],
      ['heardMs', 'sentMs'],
    ],
  ],
  [
    'count sent as heard',
    'return [voice.unheardMs + 1, voice.unheardBytes * 2, voice.unheard.length, !voice.isSilent, farewell.isHeard && a];',
    [
      ['voice.unheardMs', '0'],
      ['voice.unheardBytes', '0'],
      ['voice.isSilent', 'true'],
      ['farewell.isHeard', 'true'],
    ],
  ],
  [
    'negate answer',
    'function f() { if (a) return true; if (b) return false; if (c) return 1; return a < b; }; const g = list.find((x) => x === a); const h = () => !b;',
    [
      ['true', 'false'],
      ['false', 'true'],
      ['a < b', '!(a < b)'],
      ['x === a', '!(x === a)'],
      ['!b', '!(!b)'],
    ],
  ],
  [
    'forget change',
    'class A { constructor() { this.x = 1; } f() { this.x = 2; this.#y += 3; keep[at] = true; const z = 4; this.x === 5; } }',
    [
      ['this.x = 2', 'void 0'],
      ['this.#y += 3', 'void 0'],
      ['keep[at] = true', 'void 0'],
    ],
  ],
  [
    'skip step',
    "class A { f(): void { this.g(1); h(); out.do(e); this.#log.warn({}, 'b'); out.wait('a', 1); return this.#b.k(); } g(): number { return this.l(); } }",
    [
      ['this.g(1)', 'void 0'],
      ['this.#b.k()', 'void 0'],
    ],
  ],
  [
    'shift bound',
    'return a < b || a <= b || a > b || a >= b || a === b;',
    [
      ['<', '<='],
      ['<=', '<'],
      ['>', '>='],
      ['>=', '>'],
    ],
  ],
  [
    'drop element',
    "const all = [a, ...b, { type: 'effect' }]; const [c, d] = all;",
    [
      ['a, ', ''],
      ['...b, ', ''],
    ],
  ],
  [
    'change text',
    "import a from 'b'; const c: 'd' = 'e'; if (f === 'g h' || f === '') log.info({}, 'i'); switch (f) { case 'j': }",
    [
      ["'e'", "'e~'"],
      ["'j'", "'j~'"],
    ],
  ],
  [
    'change number',
    'const a: 3 = 4_000; if (b === 0) c(5 - 0.5);',
    [
      ['4_000', '8000'],
      ['0', '1'],
      ['5', '10'],
      ['0.5', '1'],
    ],
  ],
];

describe('from a snippet is drawn exactly what the rule says', () => {
  test.for(cases)('%s: %s', ([rule, text, expected]) => {
    const drawn = mutantsOf(new Map([['snippet.ts', text]])).filter((mutant) => mutant.rule === rule);
    expect(drawn.map(({ before, after }) => [before, after])).toEqual(expected);
  });

  test('every rule has its snippet', () => {
    expect(ruleNames.filter((name) => !cases.some(([rule]) => rule === name))).toEqual([]);
  });
});

test('what was heard becomes what was sent only where the core knows such a name', () => {
  const text = 'return voice.heardBytes;';
  expect(mutantsOf(new Map([['a.ts', text]]))).toEqual([]);
  expect(
    mutantsOf(
      new Map([
        ['a.ts', text],
        ['b.ts', 'let sentBytes;'],
      ]),
    ),
  ).toHaveLength(1);
});

test('a mutant is the whole file with its one edit, and says its line', () => {
  const text = 'const a = b;\nif (a) out.do(c);\n';
  const drawn = mutantsOf(new Map([['snippet.ts', text]]));
  expect(drawn.map(({ line, text: sabotaged }) => [line, sabotaged])).toEqual([
    [2, 'const a = b;\nif (!(a)) out.do(c);\n'],
    [2, 'const a = b;\nif (a) void 0;\n'],
  ]);
});

test('a sample holds some rules whole, a share of the others, and is the same for the same seed', () => {
  const all = [...many('negate guard', 30), ...many('skip step', 100), ...many('drop note', 20)];
  const drawn = sample(all, guardsAnd(60), 7);
  expect([ofRule(drawn, 'negate guard'), ofRule(drawn, 'skip step'), ofRule(drawn, 'drop note')]).toEqual([30, 50, 10]);
  expect(sample(all, guardsAnd(60), 7)).toEqual(drawn);
  expect(sample(all, guardsAnd(60), 8)).not.toEqual(drawn);
  expect(sample(all, guardsAnd(120), 7)).toEqual(all);
});

describe('a room', () => {
  test('is judged by far more mutants than are asked for', () => {
    const drawn = rooms.map((room, index) => {
      const some = sample(known[index] ?? [], room, 1);
      return some.filter(({ rule }) => room.judgingRules.includes(rule)).length;
    });
    expect(Math.min(...drawn)).toBeGreaterThan(130);
  });

  test('is its own files, without what is left out', () => {
    const [call, host, twilio] = rooms;
    const judged = [
      [call, 'src/call/phone/leg.ts'],
      [call, 'src/call/invariants.ts'],
      [host, 'src/host/drain.ts'],
      [host, 'src/hosts/a.ts'],
      [twilio, 'src/twilio/forms.ts'],
      [twilio, 'src/twilio/edge/rest.ts'],
    ] as const;
    const answers = judged.map(([one, path]) => one !== undefined && isJudged(one, path));
    expect(answers).toEqual([true, false, true, false, true, false]);
  });
});

describe('the report is met', () => {
  const caught: Verdict = { kind: 'fixtures', what: 'line 2 differs' };
  const byTests: Verdict = { kind: 'tests', what: 'a test' };
  const survived: Verdict = { kind: 'survived', differsAt: null };
  const notRun: Verdict = { kind: 'notRun', what: 'a type' };
  const call = roomOf('call');
  const host = roomOf('host');

  test.for<[boolean, string, Trial[]]>([
    [true, '95 of 100', [...trials('drop effect', 95, caught), ...trials('negate guard', 5, survived)]],
    [false, '94 of 100', [...trials('drop effect', 94, caught), ...trials('negate guard', 6, survived)]],
    [false, 'too few', trials('drop effect', 99, caught)],
    [
      false,
      'what was not run does not count',
      [...trials('drop effect', 99, caught), ...trials('drop effect', 50, notRun)],
    ],
    [false, 'notes do not count', [...trials('drop effect', 99, caught), ...trials('drop note', 50, caught)]],
    [false, 'nor do further rules', [...trials('omit deadline', 99, caught), ...trials('skip step', 50, caught)]],
    [true, 'nor against', [...trials('count sent as heard', 100, caught), ...trials('forget change', 50, survived)]],
  ])('for the core, %s: %s', ([isMet, , all]) => {
    expect(report(call, all, 'whole').isMet).toBe(isMet);
  });

  test.for<[boolean, string, Trial[]]>([
    [true, '85 of 100', [...trials('skip step', 85, byTests), ...trials('change text', 15, survived)]],
    [false, '84 of 100', [...trials('skip step', 84, byTests), ...trials('change text', 16, survived)]],
    [false, 'notes do not count', [...trials('skip step', 99, caught), ...trials('drop note', 50, caught)]],
  ])('for what is around it, %s: %s', ([isMet, , all]) => {
    expect(report(host, all, 'whole').isMet).toBe(isMet);
  });

  test.for<[string, Trial[]]>([
    ['PASS: src/call: 3 of 3 mutants caught, 100.0 % (asked: 95.0 %).', trials('drop effect', 3, caught)],
    ['FAIL: src/call: 0 of 1 mutants caught, 0.0 % (asked: 95.0 %).', trials('drop effect', 1, survived)],
    ['PASS: src/call: no mutant that judges was run (asked: 95.0 %).', trials('drop note', 2, survived)],
  ])('for a part of a room by any number: %s', ([verdict, all]) => {
    const { lines, isMet } = report(call, all, 'part');
    expect([lines.at(-1), isMet]).toEqual([verdict, verdict.startsWith('PASS')]);
  });

  test('and says what caught how many', () => {
    const all = [
      ...trials('skip step', 2, caught),
      ...trials('skip step', 3, byTests),
      ...trials('skip step', 1, notRun),
    ];
    expect(report(host, all, 'part').lines).toContain('| skip step | 6 | 1 | 5 | 2 | 0 | 3 | 0 | 100.0 % |');
  });
});

test('the lines that the documentation gives as examples have mutants', () => {
  const examples = readFileSync(join(root, 'docs/simulation.md'), 'utf8').matchAll(/mutants .*--only (\S+)/g);
  const places = known.flat().map(({ path, line }) => `${path}:${line}`);
  const found = [...examples].map(([, place = '']) => places.some((one) => one.includes(place)));
  expect(found).toEqual([true, true]);
});

function guardsAnd(drawnMax: number): Pick<Room, 'wholeRules' | 'drawnMax'> {
  return { wholeRules: ['negate guard'], drawnMax };
}

function roomOf(name: Room['name']): Room {
  const found = rooms.find((one) => one.name === name);
  if (found === undefined) throw new RangeError(`There is no room ${name}.`);
  return found;
}

function trials(rule: RuleName, count: number, verdict: Verdict): Trial[] {
  return many(rule, count).map((mutant) => ({ mutant, verdict }));
}

function many(rule: RuleName, count: number): Mutant[] {
  const text = 'x'.repeat(count);
  return Array.from(text, (_, start) => mutantOf('src/call/a.ts', text, { rule, start, end: start + 1, after: '' }));
}

function ofRule(mutants: readonly Mutant[], rule: RuleName): number {
  return mutants.filter((mutant) => mutant.rule === rule).length;
}
