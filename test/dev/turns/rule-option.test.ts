import { expect, test } from 'vitest';
import { ruleOption } from '../../../dev/turns/rule-option.ts';

test('parameters of barge-in are taken by their names', () => {
  expect(ruleOption(['wordArticulation=0.5', 'yieldMs=300'])).toEqual({ wordArticulation: 0.5, yieldMs: 300 });
  expect(ruleOption([])).toEqual({});
});

test.each(['wordArticulation', 'wordArticulation=', 'wordArticulation=much', 'words=1'])('%s is refused', (given) => {
  expect(() => ruleOption([given])).toThrow(`--rule ${given} is not NAME=NUMBER.`);
});
