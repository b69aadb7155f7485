import { parseArgs } from 'node:util';
import { expect, test } from 'vitest';
import { ParleyError } from '../../../src/errors.ts';
import { runHere } from '../run-cli.ts';

test('what is wrong with files or arguments is said in plain lines, and ends with 2', async () => {
  const refused = await command(() => {
    throw new ParleyError('config.invalid', 'There is no such file.');
  });
  expect(refused).toEqual({ code: 2, out: '', err: 'There is no such file.\n' });
  const { code, err } = await command((args) => {
    parseArgs({ args: [...args], options: {} });
  });
  expect([code, err]).toEqual([2, expect.stringMatching(/^Unknown option '--fast'.*\nUsage: …\n$/)]);
});

test('what nobody expects keeps its stack, and ends with 1', async () => {
  const { code, err } = await command(() => {
    throw new RangeError('Out of range.');
  });
  expect([code, err]).toEqual([1, expect.stringMatching(/^RangeError: Out of range\.\n +at /)]);
});

/** Runs a command that does this and would end with 0. */
function command(act: (args: readonly string[]) => void) {
  const run = ({ args }: { readonly args: readonly string[] }): number => {
    act(args);
    return 0;
  };
  return runHere({ usage: 'Usage: …', run }, ['--fast']);
}
