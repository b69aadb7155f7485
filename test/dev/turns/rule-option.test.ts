import { expect, test } from 'vitest';
import { ruleOption, sweepOption } from '../../../dev/turns/rule-option.ts';

test('parameters of barge-in are taken by their names', () => {
  expect(ruleOption(['wordArticulation=0.5', 'yieldMs=300'])).toEqual({ wordArticulation: 0.5, yieldMs: 300 });
  expect(ruleOption([])).toEqual({});
});

test.each(['wordArticulation', 'wordArticulation=', 'wordArticulation=much', 'words=1'])('%s is refused', (given) => {
  expect(() => ruleOption([given])).toThrow(`--rule ${given} is not NAME=NUMBER.`);
});

test('a parameter is swept over the values that are given', () => {
  expect(sweepOption('wordArticulation=.2,.3,1')).toEqual({ name: 'wordArticulation', values: [0.2, 0.3, 1] });
});

test.each(['wordArticulation', 'wordArticulation=', 'wordArticulation=.2,,.3', 'wordArticulation=.2,much', 'words=1'])(
  'a sweep over %s is refused',
  (given) => {
    expect(() => sweepOption(given)).toThrow(`--sweep ${given} is not NAME=NUMBER,NUMBER.`);
  },
);
