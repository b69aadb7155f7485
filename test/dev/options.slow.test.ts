import { expect, test } from 'vitest';
import { runCli } from '../cli/run-cli.ts';

test.for([
  ['demo', ['--foo'], /^Unknown option '--foo'.*\nUsage: /],
  ['../../dev/cost', ['--foo'], /^Unknown option '--foo'.*\nUsage: /],
  ['../../dev/resilience', ['--seeds', '0'], /^--seeds wants a whole number of at least 1, not "0"\.\n$/],
  // What parses the code may say, when it is stopped, that it was.
  [
    '../../dev/mutants',
    ['--only', 'playout.ts:100000'],
    /^(?:context canceled\n)?There is no mutant at playout\.ts:100000\.\n$/,
  ],
  ['../../dev/mutants', ['--foo'], /^Unknown option '--foo'.*\nUsage: /],
  ['../../dev/mutants', ['--list'], /^Option '--list <value>' argument missing\nUsage: /],
  ['../../dev/mutants', ['--seeds', 'x'], /^--seeds wants a whole number, not "x"\.\n$/],
] as const)('%s says what is wrong with %j, and ends with 2', ([command, options, line]) => {
  expect(runCli(command, ...options)).toEqual({ code: 2, out: '', err: expect.stringMatching(line) });
});
