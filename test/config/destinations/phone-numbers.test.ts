import { expect, test } from 'vitest';
import { northAmericanNumber, readPhoneNumber } from '../../../src/config/destinations/phone-numbers.ts';

test.for([
  ['+12025550100', '+12025550100'],
  ['+1 (415) 555-0100', '+14155550100'],
  ['+1.415.555.0100', '+14155550100'],
  ['+44 (0)20 7946 0018', '+442079460018'],
  ['0049 30 / 901820', '+4930901820'],
  ['+1\u00a0415\u2011555\u20110100', '+14155550100'],
] as const)('%s is understood as %s', ([written, number]) => {
  expect(readPhoneNumber(written)).toBe(number);
});

test.for(['(415) 555-0100', '112', '030 901820', '+1 415 CALL-NOW', '+0 415 555 0100', '', '+1234567890123456'])(
  '%j is no number that can be dialled from everywhere',
  (written) => {
    expect(readPhoneNumber(written)).toBeNull();
  },
);

test.for([
  ['(415) 555-0100', '+14155550100'],
  ['1-415-555-0100', '+14155550100'],
  ['030 901820', null],
  ['112', null],
] as const)('%s would be %s in North America', ([written, number]) => {
  expect(northAmericanNumber(written)).toBe(number);
});
