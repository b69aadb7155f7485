import { fileURLToPath } from 'node:url';
import type { Mutant } from '../mutant.ts';
import { runProcess } from './run-process.ts';
import { mutantVariable } from './sabotage-order.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const runner = fileURLToPath(new URL('../../../node_modules/vitest/vitest.mjs', import.meta.url));
const config = fileURLToPath(new URL('vitest.config.ts', import.meta.url));

/** Runs the tests of a folder, with a sabotaged file in place of its original. Returns which test fails first, or null. */
export async function tryTests(folder: string, mutant: Pick<Mutant, 'path' | 'text'> | null): Promise<string | null> {
  const args = [runner, 'run', '--root', root, '--config', config, '--reporter=tap-flat', folder];
  const env = { [mutantVariable]: JSON.stringify(mutant === null ? null : { path: mutant.path, text: mutant.text }) };
  const { output, death } = await runProcess(args, { env });
  return death === null ? null : (failingTest(output) ?? `${folder}: ${death}`);
}

/** Tests that were left out after the first failure are told as failed as well, but took no time. */
function failingTest(output: string): string | null {
  const [, test = null] = /^not ok \d+ - (.*) # time=/m.exec(output) ?? /^not ok \d+ - (.*)$/m.exec(output) ?? [];
  return test;
}
