import { parseArgs } from 'node:util';
import { expect, test } from 'vitest';
import { ParleyError } from '../../../src/errors.ts';
import { runCommand, type Terminal } from '../../../src/cli/terminal/terminal.ts';
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

// A call log, an answer of a service or an error of a remote may hold signs by which a terminal writes to the clipboard of the person
// who reads it, or hides what stands there.
test('what others have said orders nothing of the terminal, and lines keep their colours', async () => {
  const printed: string[] = [];
  const said = 'a\u001b]52;c;ZXZpbA==\u0007b\u001b[2Jc\u009b8md\u001b[8me\rf\tg\nh';
  const bold = '\u001b[1mbold\u001b[22m \u001b[36mcyan\u001b[39m \u001b[90mgray\u001b[39m';
  const run = ({ print, complain }: Terminal): number => {
    for (const say of [print, complain]) say(`${bold} ${said}`);
    return 0;
  };
  const take = (line: string): void => void printed.push(line);
  await runCommand({ usage: '', run }, { ...nowhere, print: take, complain: take });
  const shown = `${bold} a ]52;c;ZXZpbA== b [2Jc 8md [8me f\tg\nh`;
  expect(printed).toEqual([shown, shown]);
});

const nowhere = { args: [], env: {}, folder: '.', write: async () => {} };

/** Runs a command that does this and would end with 0. */
function command(act: (args: readonly string[]) => void) {
  const run = ({ args }: { readonly args: readonly string[] }): number => {
    act(args);
    return 0;
  };
  return runHere({ usage: 'Usage: …', run }, ['--fast']);
}
