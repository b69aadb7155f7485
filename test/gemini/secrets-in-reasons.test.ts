import { expect, test } from 'vitest';
import { withoutAddresses } from '../../src/gemini/without-addresses.ts';

test.for([
  'models/gemini-2.5-flash-native-audio-preview-09-2025 is not found for API version v1beta.',
  'connect ECONNREFUSED 127.0.0.1:65535',
  'Unexpected server response: 503',
  'RESOURCE_EXHAUSTED: generativelanguage_googleapis_com quota of 1000000 tokens',
])('the log keeps "%s"', (reason) => {
  // Seven digits in a row are a number of a person; a quota of a million has them as well.
  expect(withoutAddresses(reason)).toBe(reason.replace('1000000', '[number]'));
});

test.for([
  ['wss://api.example/v1?key=AIzaSyA1', '[address]'],
  ['HTTPS://api.example/?key=AIzaSyA1', '[address]'],
  ['AIzaSyD9fk3LmQ0pXo7', '[key]'],
  ['ya29-A0AfH6SMBx', 'ya29-A0AfH6SMBx'],
  ['ya29-A0AfH6SMBxQ8', '[key]'],
  ['tok_123456789', '[number]'],
  ['+1 555 010 0177', '+[number]'],
  ['4929-1234-1234-1234', '[number]'],
] as const)('the log gets "%s" as "%s"', ([secret, shown]) => {
  expect(withoutAddresses(`No, ${secret} is wrong.`)).toBe(`No, ${shown} is wrong.`);
});
