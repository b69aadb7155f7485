import { expect, test } from 'vitest';
import { rows, DialogueSeed } from '../../dev/resilience/seed.ts';
import { exceptionsText, summary } from '../../dev/resilience/table.ts';

/** A close comes at five moments; one of them is enough here, another one for each close. */
const closes = /^1\d{3} /;
const momentsOfClose = 5;

const played = rows.filter((row, index) => !closes.test(row) || index % (momentsOfClose + 1) === 0);

test('a call with any fault goes on or reaches the fallback, and is never silent for too long', () => {
  const seed = new DialogueSeed(7);
  const broken = played.map((row) => summary(row, [seed.run(row)])).filter((one) => one.exceptions.length > 0);
  expect(broken.map(exceptionsText).join('\n')).toBe('');
});
