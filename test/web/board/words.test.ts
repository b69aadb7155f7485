import { expect, test } from 'vitest';
import { speaksText } from '../../../web/board/words.ts';

test('who speaks is said while Parley hears the caller, and no silence is claimed of a talk with a person', () => {
  expect(speaksText({ speaks: 'nobody', stage: 'talking' })).toBe('Silence');
  for (const stage of ['ringing', 'between', 'dialling', 'recording'] as const)
    expect(speaksText({ speaks: 'nobody', stage })).toBeNull();
});
