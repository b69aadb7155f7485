import { expect, test } from 'vitest';
import { errors } from '../../src/errors.ts';

test('docs/errors.md holds the table of src/errors.ts', async () => {
  await expect(
    errorsPage(),
    'docs/errors.md is out of date. Write it anew: npx vitest run test/docs/errors.test.ts -u',
  ).toMatchFileSnapshot('../../docs/errors.md');
});

function errorsPage(): string {
  const rows = Object.entries(errors).map(
    ([code, { fault, what, caller, remedy }]) => `| \`${code}\` | ${fault} | ${what} | ${caller} | ${remedy} |`,
  );
  return [
    '# Errors',
    '',
    'Every error that Parley can name, and what to do about it. The code stands in the log line; *fault* says who has to act:',
    'the **admin** who runs Parley, the **carrier** (Twilio) or whoever calls in its name, the **model** (Gemini Live),',
    'a **tool**, or **parley** itself.',
    '',
    'This page is written from `src/errors.ts`, `src/model-errors.ts` and `src/tool-errors.ts`: change it there, then run `npx vitest run test/docs/errors.test.ts -u`.',
    '',
    '| code | fault | what happened | what the caller notices | what to do |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}
