import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ParleyError } from '../errors.ts';
import { readLog } from '../replay/read-log.ts';
import { replay } from '../replay/replay.ts';
import { mulawCodec } from '../shell/mulaw-codec.ts';

const usage = 'Usage: npm run replay -- [--invariants] <call log>.jsonl';

/** Replays one call log. Exits with 0 when all is as recorded, 1 when it is not, 2 when the log cannot be read. */
function main(): number {
  const { values, positionals } = parseArgs({ options: { invariants: { type: 'boolean' } }, allowPositionals: true });
  const [path] = positionals;
  if (path === undefined || positionals.length > 1) {
    console.error(usage);
    return 2;
  }
  const record = readLog(readFileSync(path, 'utf8'), readFileSync(path.replace(/\.jsonl$/, '.audio')));
  const { steps, durationMs, divergence, broken } = replay(record, mulawCodec);
  for (const { line, sentence } of broken) console.log(`line ${line}: ${sentence}`);
  const compares = values.invariants !== true && !record.audioIsMissing;
  if (record.audioIsMissing) console.log('Audio is missing in this log, so only the invariants are checked.');
  if (compares && divergence !== null) {
    console.log(
      `line ${divergence.line}: on ${divergence.event} the recorded call ordered ${shown(divergence.recorded)},`,
    );
    console.log(`and this one ${shown(divergence.replayed)}.`);
  }
  const failed = broken.length > 0 || (compares && divergence !== null);
  if (!failed)
    console.log(`${steps} steps, ${(durationMs / 1000).toFixed(1)} s of call: ${compares ? 'identical' : 'sound'}.`);
  return failed ? 1 : 0;
}

function shown(effect: string | null): string {
  return effect ?? 'nothing more';
}

try {
  process.exitCode = main();
} catch (error) {
  // A file that is not there or not a log is said in one line; everything else keeps its stack.
  const known = error instanceof ParleyError || (error instanceof Error && 'code' in error);
  console.error(known ? `${error.message}\n${usage}` : error);
  process.exitCode = 2;
}
