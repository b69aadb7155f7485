import { inspect, parseArgs } from 'node:util';
import { filterVersion } from '../audio/filters.ts';
import { divergenceWords } from '../calllog/divergence-words.ts';
import { hasOurFilters, replay, type ReplayResult } from '../calllog/replay.ts';
import { namedPath } from '../config/load-settings.ts';
import { standardAudioPath } from '../sounds/standard-audio-path.ts';
import { readLogFiles } from './replay/files.ts';
import { namedLog } from './replay/named-log.ts';
import { type Command, startCommand, type Terminal } from './terminal/terminal.ts';
import { recordedAudioPath } from '../console/recording/recorded-sounds.ts';

const usage = `Usage: npm run replay -- [--invariants] <call log>
  Runs a recorded call again and says where it first differs. <call log> is <name>.jsonl, its folder, or the call's CallSid.
  --invariants    checks the invariants only, and compares no effects`;

const otherFillerPhrase =
  'This call had a filler phrase of its own, so only the invariants are checked. Set FILLER_PHRASE_FILE to that file to compare every effect.';

/** Replays one call log. Exits with 0 when all is as recorded, 1 when it is not, 2 when the log cannot be read. */
function main(terminal: Terminal): number {
  const { args, env, print, complain } = terminal;
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { invariants: { type: 'boolean' } },
    allowPositionals: true,
  });
  const [path] = positionals;
  if (path === undefined || positionals.length > 1) {
    complain(usage);
    return 2;
  }
  const record = readLogFiles(namedLog(path, terminal));
  const audioPath = recordedAudioPath(record.header, namedPath(env, 'FILLER_PHRASE_FILE'));
  const startedAtMs = performance.now();
  const result = replay(record, audioPath ?? standardAudioPath);
  const tookMs = performance.now() - startedAtMs;
  const times = Math.round(result.durationMs / tookMs);
  print(
    `${result.steps} steps, ${seconds(result.durationMs)} of call, replayed in ${seconds(tookMs)}: ${times} times faster than real time.`,
  );
  if (record.cut !== null) print(`The log ends before its call: ${record.cut}.`);
  if (record.audioIsMissing) print('Audio was dropped when this log was written, so only the invariants are checked.');
  if (audioPath === null) print(otherFillerPhrase);
  const compares = values.invariants !== true && !record.audioIsMissing && audioPath !== null;
  if (compares && !hasOurFilters(record.header)) print(otherFilters(record.header.filters));
  for (const line of verdict(result, compares, hasOurFilters(record.header))) print(line);
  return isGood(result, compares) ? 0 : 1;
}

function otherFilters(version: number): string {
  return `This call had version ${version} of the audio filters, and this Parley has version ${filterVersion}: its sound comes out differently, so of sound only the length is compared.`;
}

/** What came of the replay, in lines. */
function verdict(result: ReplayResult, compares: boolean, comparesSound: boolean): string[] {
  const { divergence, broken, crash } = result;
  if (isGood(result, compares)) {
    const asRecorded = comparesSound ? 'every effect is as recorded' : 'every effect but the sound is as recorded';
    return [compares ? `All invariants hold, and ${asRecorded}.` : 'All invariants hold.'];
  }
  return [
    ...broken.map(({ line, sentence }) => `At line ${line} an invariant breaks: ${sentence}.`),
    ...(compares && divergence !== null ? divergenceWords(divergence) : []),
    ...(crash === null ? [] : [`At line ${crash.line} the call crashes. ${inspect(crash.error)}`]),
  ];
}

function isGood({ divergence, broken, crash }: ReplayResult, compares: boolean): boolean {
  return broken.length === 0 && crash === null && !(compares && divergence !== null);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 1000 ? 3 : 1)} s`;
}

export const replayCommand: Command = { usage, run: main };

if (import.meta.main) await startCommand(replayCommand);
