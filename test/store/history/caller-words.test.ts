import { expect, test } from 'vitest';
import { callerText } from '../../../src/store/history/caller-words.ts';

test('a caller is a number, the browser phone, or withheld', () => {
  expect(callerText({ from: '+15550101', source: 'phone' })).toBe('+15550101');
  expect(callerText({ from: 'client:browser-phone', source: 'browser' })).toBe('browser phone');
  expect(callerText({ from: null, source: 'phone' })).toBe('number withheld');
  expect(callerText({ from: '', source: null })).toBe('number withheld');
});
