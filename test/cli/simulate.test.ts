import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { simulateCommand } from '../../src/cli/simulate.ts';
import { runHere } from './run-cli.ts';
import { temporaryFolder } from '../temporary-folder.ts';

test.for([
  [['--scenario', 'nope'], /^There is no scenario named nope, but these: .*order-desk.*\.\n$/],
  [['--seed', '42', '--seeds', '10'], /^--seeds and --seed do not go together\.\n$/],
  [['--seeds', '0'], /^--seeds wants a whole number of at least 1, not "0"\.\n$/],
] as const)('simulate says in a line what is wrong with %j', async ([options, line]) => {
  expect(await runHere(simulateCommand, options)).toEqual({ code: 2, out: '', err: expect.stringMatching(line) });
});

test('a call is saved into a new folder, and never over a fixture', async (context) => {
  const folder = join(temporaryFolder(context), 'saved');
  expect((await save(folder)).code).toBe(0);
  expect(readdirSync(folder).toSorted()).toEqual(['call.audio', 'call.jsonl', 'scenario.json']);

  const edited = join(temporaryFolder(context), 'edited');
  mkdirSync(edited);
  const scenario = join(edited, 'scenario.json');
  writeFileSync(scenario, 'mine');
  const err = `${scenario} is there already, and nothing is written over it.\n`;
  expect(await save(edited)).toEqual({ code: 2, out: '', err });
  expect([readFileSync(scenario, 'utf8'), readdirSync(edited)]).toEqual(['mine', ['scenario.json']]);
  expect(await save(scenario)).toMatchObject({
    code: 2,
    err: `Nothing can be written into the folder ${scenario} (EEXIST).\n`,
  });
});

test('a seed that failed is kept as a page in the folder of the terminal, and told of as seen from there', async (context) => {
  const failed = [{ from: 13, to: 14, callMs: 1, failedSeeds: [13], hash: 'cafe' }];
  const folder = temporaryFolder(context, { 'progress.json': JSON.stringify(failed) });
  const options = ['--seeds', '1', '--from', '13', '--resume', join(folder, 'progress.json')];
  const { code, out } = await runHere(simulateCommand, options, { folder });
  expect(code).toBe(1);
  expect(out).toMatch(/\nLook at seed 13 with a browser: out\/seed-13\/call\.html\n$/);
  expect(readdirSync(join(folder, 'out', 'seed-13'))).toContain('call.html');
});

function save(folder: string) {
  return runHere(simulateCommand, ['--seed', '13', '--save', folder]);
}
