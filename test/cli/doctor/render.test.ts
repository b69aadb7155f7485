import { expect, test } from 'vitest';
import type { Level } from '../../../src/cli/doctor/check.ts';
import { summaryLine } from '../../../src/cli/doctor/render.ts';

test.for([
  [['ok', 'ok'], 'Nothing is wrong.'],
  [['ok', 'warning'], 'Nothing is wrong. 1 warning.'],
  [['skipped', 'ok'], 'Nothing is wrong. 1 skipped.'],
  [['wrong', 'wrong', 'warning', 'warning', 'skipped'], '2 things to mend. 2 warnings, 1 skipped.'],
] as const satisfies readonly (readonly [readonly Level[], string])[])(
  'of %j the doctor says: %s',
  ([levels, line]) => {
    expect(summaryLine(levels.map((level) => ({ check: 'a', level, text: 'b' })))).toBe(line);
  },
);
