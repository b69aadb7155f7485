const deep = 5_000;

/** Values that have broken parsers elsewhere, as JSON text; a few are none. */
export const junkValues: readonly string[] = [
  // Of another type, or nothing.
  ['null', 'true', 'false', '{}', '[]', '""', '[[]]', '[null]', '{"":{}}', '[{}]', '["x"]', '{"0":"x"}'],
  // Numbers at their ends, and what looks like one.
  ['0', '-0', '-1', '1.5', '1e308', '1e999', '-1e999', '5e-324', '9007199254740993', '4294967296', '-2147483649'],
  ['NaN', 'Infinity', '0x10', '01', '.5', '1_000', '١٢'],
  ['"NaN"', '"Infinity"', '"-1"', '"1e9"', '"0x10"', '"１２"', '" 1"', '"999999999999999"', '"1.0"', '"1n"'],
  // Texts.
  ['"\\u0000"', '"\\ud800"', '"\\udc00\\ud800"', '"\u202e\u2066"', '"é"', '"e\u0301"', '"🦜"', '"\\r\\n"', '"\ufeff"'],
  ['"__proto__"', '"constructor"', '"toString"', '"hasOwnProperty"', '"then"', '"\\\\"', '"${7*7}"', '"%s%d%j"'],
  ['"<noise>"', '"</Say><Hangup/>"', '"../../x"', '"=="', '"AAA="', '"-_=="', '"A==="', '"/w=="'],
  [`"${'A'.repeat(4_000)}"`, `"${'🦜'.repeat(500)}"`, `"${'<a'.repeat(2_000)}"`, `"${'\\u0000'.repeat(300)}"`],
  // Objects with members that all objects have, and shapes that are too deep or too wide.
  [
    '{"__proto__":{"type":"start"}}',
    '{"constructor":{"prototype":{"x":1}}}',
    '{"toJSON":1,"valueOf":null,"toString":"x"}',
    '{"length":4294967295}',
    '{"then":"x"}',
    '['.repeat(deep) + ']'.repeat(deep),
    '{"a":'.repeat(deep) + '1' + '}'.repeat(deep),
    `[${'0,'.repeat(2_000)}0]`,
    `{${Array.from({ length: 300 }, (_, at) => `"m${at}":${at}`).join(',')}}`,
  ],
  // No JSON at all.
  ['undefined', "'x'", '/*x*/1', '{a:1}', '[1,]', '"', '{', ']', '\u0000', ''],
].flat();

/** Names for members. */
export const junkNames: readonly string[] = [
  ['__proto__', 'constructor', 'prototype', 'toString', 'valueOf', 'toJSON', 'hasOwnProperty', 'then', 'length'],
  [
    '',
    ' ',
    '0',
    '-1',
    'text',
    'data',
    'type',
    'event',
    'EVENT',
    'event\u0000',
    'évent',
    'serverContent',
    'a'.repeat(1_000),
  ],
].flat();
