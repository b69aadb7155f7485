import { parseArgs } from 'node:util';
import { filterVersion } from '../audio/filters.ts';
import { divergenceWords } from '../calllog/divergence-words.ts';
import { hasOurFilters, replay, type ReplayResult } from '../calllog/replay.ts';
import { namedPath } from '../config/load-settings.ts';
import { standardAudioPath } from '../sounds/standard-audio-path.ts';
import { helpIfAsked } from './help.ts';
import { readLogFiles, runCommand } from './replay/files.ts';
import { recordedAudioPath } from '../console/recording/recorded-sounds.ts';

const usage = `Usage: npm run replay -- [--invariants] <call log>.jsonl
  --invariants    checks the invariants only, and compares no effects`;

const otherFillerPhrase =
  'This call had a filler phrase of its own, so only the invariants are checked. Set FILLER_PHRASE_FILE to that file to compare every effect.';

/** Replays one call log. Exits with 0 when all is as recorded, 1 when it is not, 2 when the log cannot be read. */
function main(): number {
  const { values, positionals } = parseArgs({ options: { invariants: { type: 'boolean' } }, allowPositionals: true });
  const [path] = positionals;
  if (path === undefined || positionals.length > 1) {
    console.error(usage);
    return 2;
  }
  const record = readLogFiles(path);
  const audioPath = recordedAudioPath(record.header, namedPath(process.env, 'FILLER_PHRASE_FILE'));
  const startedAtMs = performance.now();
  const result = replay(record, audioPath ?? standardAudioPath);
  const tookMs = performance.now() - startedAtMs;
  const times = Math.round(result.durationMs / tookMs);
  console.log(
    `${result.steps} steps, ${seconds(result.durationMs)} of call, replayed in ${seconds(tookMs)}: ${times} times faster than real time.`,
  );
  if (record.cut !== null) console.log(`The log ends before its call: ${record.cut}.`);
  if (record.audioIsMissing)
    console.log('Audio was dropped when this log was written, so only the invariants are checked.');
  if (audioPath === null) console.log(otherFillerPhrase);
  const compares = values.invariants !== true && !record.audioIsMissing && audioPath !== null;
  if (compares && !hasOurFilters(record.header)) console.log(otherFilters(record.header.filters));
  return judge(result, compares, hasOurFilters(record.header));
}

function otherFilters(version: number): string {
  return `This call had version ${version} of the audio filters, and this Parley has version ${filterVersion}: its sound comes out differently, so of sound only the length is compared.`;
}

function judge({ divergence, broken, crash }: ReplayResult, compares: boolean, comparesSound: boolean): number {
  for (const { line, sentence } of broken) console.log(`At line ${line} an invariant breaks: ${sentence}.`);
  if (compares && divergence !== null) for (const line of divergenceWords(divergence)) console.log(line);
  if (crash !== null) console.log(`At line ${crash.line} the call crashes.`, crash.error);
  if (broken.length > 0 || crash !== null || (compares && divergence !== null)) return 1;
  const asRecorded = comparesSound ? 'every effect is as recorded' : 'every effect but the sound is as recorded';
  console.log(compares ? `All invariants hold, and ${asRecorded}.` : 'All invariants hold.');
  return 0;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 1000 ? 3 : 1)} s`;
}

helpIfAsked(usage);
await runCommand(usage, main);
