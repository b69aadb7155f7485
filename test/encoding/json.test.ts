import { expect, test } from 'vitest';
import { jsonShape } from '../../src/encoding/json.ts';

test.each([
  ['{}', 1, 1],
  ['[[],[]]', 4, 2],
  ['{"a":{"b":[1,2,3]},"c":"d"}', 6, 3],
  ['{"a":"[{,","b":"\\"[,"}', 2, 1],
  ['{"a":"\\\\","b":"\\\\\\"[","c":[]}', 4, 2],
  ['"text"', 0, 0],
  ['', 0, 0],
])('the shape of %s is told without reading it', (text, values, levels) => {
  expect(jsonShape(text)).toEqual({ values, levels });
});

test.each([
  ['[[[', 3, 3],
  [']]]{', 1, 0],
  ['{"a', 1, 1],
  ['"\\', 0, 0],
])('%s is no JSON and has a shape all the same', (text, values, levels) => {
  expect(jsonShape(text)).toEqual({ values, levels });
});
