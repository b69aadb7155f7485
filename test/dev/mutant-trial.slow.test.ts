import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { mutantsOfCore } from '../../dev/mutants/draw.ts';
import { type Mutant, mutantOf } from '../../dev/mutants/mutant.ts';
import { tryMutant } from '../../dev/mutants/run-trial.ts';
import { TypeCheck } from '../../dev/mutants/type-check.ts';

const playout = 'src/call/agent/playout.ts';

test('a trial that changes nothing survives', async () => {
  expect(await tryMutant(replacing(playout, 'get isEmpty', 'get isEmpty'), [])).toEqual({
    kind: 'survived',
    differsAt: null,
  });
});

test('a trial that loses what was heard is caught by a replay, which is named', async () => {
  const verdict = await tryMutant(replacing(playout, 'this.#heardBytes += bytes', 'void 0'), []);
  expect(verdict).toEqual({ kind: 'replay', what: expect.stringMatching(/^[a-z-]+: line \d+/) });
});

test('a trial that cannot even begin is caught, and says what was thrown', async () => {
  const verdict = await tryMutant(replacing(playout, 'export class Playout', 'missing(); export class Playout'), []);
  expect(verdict).toEqual({ kind: 'replay', what: expect.stringContaining('ReferenceError') });
});

test('a trial of a file that no call loads counts for nothing', async () => {
  const verdict = await tryMutant(replacing('src/check-node.js', 'process', 'process'), []);
  expect(verdict.kind).toBe('notRun');
});

test('the type checker refuses what cannot be built, passes what is only unused, and forgets each mutant', () => {
  const types = new TypeCheck(process.cwd());
  const wrong = replacing(playout, 'this.#unheardBytes += bytes', "this.#unheardBytes = 'bytes'");
  const unused = replacing(playout, 'this.#chunkNumber += 1', 'const unused = 1');
  expect([types.refusal(wrong), types.refusal(unused)]).toEqual([expect.stringContaining('not assignable'), null]);
  types.close();
});

test('the core gives far more mutants than are asked for, and none of its judge', () => {
  const paths = mutantsOfCore(process.cwd()).map(({ path }) => path);
  expect(paths.length).toBeGreaterThan(900);
  expect(paths).not.toContain('src/call/invariants.ts');
});

/** A mutant of a file as it is on disk. */
function replacing(path: string, before: string, after: string): Mutant {
  const text = readFileSync(path, 'utf8');
  const start = text.indexOf(before);
  return mutantOf(path, text, { rule: 'skip step', start, end: start + before.length, after });
}
