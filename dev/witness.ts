import { parseArgs } from 'node:util';
import { helpIfAsked } from '../src/cli/help.ts';
import { googleGenai } from './witness/google-genai.ts';
import { pipecat } from './witness/pipecat.ts';
import { pythonFor } from './witness/python-environment.ts';
import { differences } from './witness/witness.ts';
import type { Witness } from './witness/witness.ts';

const usage = `Usage: npm run witness -- [options]
  Lets the clients of others talk to the simulated model, in Python environments of their own.
  --only NAME   one of them: google-genai, or pipecat; both unless set`;

/** Exits with 1 when a witness met something else than the service of the rules, with 2 for a wrong option. */
async function main(): Promise<number> {
  const { values } = parseArgs({ options: { only: { type: 'string' } } });
  const all = [googleGenai, pipecat];
  const chosen = all.filter(({ name }) => values.only === undefined || name === values.only);
  if (chosen.length === 0) {
    console.error(usage);
    return 2;
  }
  let exitCode = 0;
  for (const witness of chosen) if (!(await holds(witness))) exitCode = 1;
  return exitCode;
}

async function holds({ name, folder, hold, expected }: Witness): Promise<boolean> {
  const found = await pythonFor(folder);
  if ('missing' in found) {
    console.log(`${name}: skipped. ${found.missing}`);
    return true;
  }
  const met = await hold(found.python);
  const said = differences(met, expected);
  console.log(`${name}: ${said.length === 0 ? 'everything as expected.' : 'not as expected.'}`);
  for (const [what, value] of Object.entries(met)) console.log(`  ${what}: ${JSON.stringify(value)}`);
  for (const sentence of said) console.log(`Broken: ${sentence}`);
  return said.length === 0;
}

helpIfAsked(usage);
process.exitCode = await main();
