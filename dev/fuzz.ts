/**
 * Sends mutations of true messages into everything that reads what others send: `npm run fuzz`. Prints how many inputs of each kind there
 * were and what they cost, and exits with 1 when one did what none may do, or when the memory grew.
 */
import { parseArgs } from 'node:util';
import { fuzzKinds } from './fuzz/kinds/all-kinds.ts';
import type { FuzzKind } from './fuzz/fuzz-kind.ts';
import { fuzz, type FuzzFailure } from './fuzz/fuzz-run.ts';
import { MemoryWatch } from './fuzz/memory-watch.ts';
import { fuzzSockets } from './fuzz/sockets/fuzz-sockets.ts';
import { ParleyError } from '../src/errors.ts';
import { startCommand } from '../src/cli/terminal/terminal.ts';
import { wholeNumberOption } from '../src/cli/terminal/whole-number-option.ts';

const usage = `Usage: npm run fuzz -- [options]
  Sends mutations of true messages into everything that reads what others send, and says what broke.
  --runs N     how many inputs, over all kinds; 1000000 unless set
  --only NAME  the kinds whose names hold this: ${[...fuzzKinds.map(({ name }) => name), 'sockets'].join(', ')}
  --seed N     other inputs; 1 unless set
  --path P     one trial again, as a failure tells it; wants --seed and --only`;

/** So many characters of an input are shown. */
const shownMax = 400;

const socketsName = 'sockets';

/** Over real sockets an input takes a hundred times as long. */
const socketShare = 0.002;

interface Choice {
  readonly runs: number;
  readonly seed: number;
  readonly path: string | undefined;
}

/** Fuzzes one kind. Returns whether it held. */
function fuzzOne(kind: FuzzKind, { runs, seed, path }: Choice): boolean {
  const inputs = Math.ceil(runs * kind.share);
  const memory = new MemoryWatch(inputs);
  const onBatch = (done: number): void => memory.look(done);
  const before = process.cpuUsage();
  const outcome = fuzz(kind, { inputs, seed, onBatch, ...(path === undefined ? {} : { path }) });
  const { user, system } = process.cpuUsage(before);
  const isFlat = path !== undefined || memory.isFlat;
  const heap = path === undefined ? `, ${memory.text}` : '';
  console.log(`${kind.name}: ${outcome.inputs} inputs, ${seconds(user + system)} CPU s${heap}`);
  if (outcome.failure !== null) tell(kind, outcome.failure);
  else if (!isFlat) console.log('  The memory grew.');
  return outcome.failure === null && isFlat;
}

function tell({ name }: FuzzKind, { seed, path, inputs, error }: FuzzFailure): void {
  console.log(`  Failed. Again: npm run fuzz -- --only '${name}' --seed ${seed} --path ${path}`);
  for (const text of inputs) console.log(`    ${JSON.stringify(text.slice(0, shownMax))}`);
  console.log(error);
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '1000000' },
      only: { type: 'string', default: '' },
      seed: { type: 'string', default: '1' },
      path: { type: 'string' },
    },
  });
  const { only, path } = values;
  const [runs, seed] = [wholeNumberOption('--runs', values.runs, 1), wholeNumberOption('--seed', values.seed)];
  const kinds = fuzzKinds.filter(({ name }) => name.includes(only));
  const isWithSockets = socketsName.includes(only) && path === undefined;
  if (kinds.length === 0 && !isWithSockets)
    throw new ParleyError('config.invalid', `There is no kind whose name holds "${only}".`);
  if (path !== undefined && kinds.length !== 1)
    throw new ParleyError('config.invalid', '--path wants --only with the name of one kind.');
  let holds = true;
  for (const kind of kinds) holds = fuzzOne(kind, { runs, seed, path }) && holds;
  if (isWithSockets) {
    const before = process.cpuUsage();
    const { inputs, finding } = await fuzzSockets(Math.ceil(runs * socketShare), seed);
    const { user, system } = process.cpuUsage(before);
    console.log(`${socketsName}: ${inputs} inputs, ${seconds(user + system)} CPU s`);
    if (finding !== null) console.log(`  Failed with --seed ${seed}: ${finding}`);
    holds &&= finding === null;
  }
  return holds ? 0 : 1;
}

function seconds(microseconds: number): string {
  return (microseconds / 1e6).toFixed(1);
}

await startCommand({ usage, run: main });
