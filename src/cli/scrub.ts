import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { effectNames } from '../calllog/divergence-words.ts';
import { fixtureMsMax, fixtureWhyForm, scrub, type ScrubDifference } from '../calllog/scrub/scrub.ts';
import { standardAudioPath } from '../sounds/standard-audio-path.ts';
import { inTheWay, writeFiles } from './new-files.ts';
import { readLogFiles } from './replay/files.ts';
import { namedLog } from './replay/named-log.ts';
import { type Command, startCommand, type Terminal } from './terminal/terminal.ts';

const usage = `Usage: npm run scrub -- <call log> <folder> --why "What the call pins, in one sentence." [options]
  Takes names, numbers and voices out of a recorded call, and writes what is left into the folder, as a fixture.
  <call log> is <name>.jsonl, its folder, or the call's CallSid.
  --why SENTENCE     is written into the fixture as it stands
  --until SECONDS    leaves out what happens later; a fixture lasts at most ${fixtureMsMax / 1000} s
  --keep-audio       leaves the voices in`;

/** Makes a committable fixture of a call log. Exits with 0 when it is written, 1 when something personal was left, 2 when it cannot be. */
function main(terminal: Terminal): number {
  const { args, print, complain } = terminal;
  const refuse = (reason: string): number => {
    complain(reason);
    return 2;
  };
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { why: { type: 'string' }, until: { type: 'string' }, 'keep-audio': { type: 'boolean' } },
    allowPositionals: true,
  });
  const [path, folder] = positionals;
  const why = values.why?.trim() ?? '';
  const keepsAudio = values['keep-audio'] === true;
  if (path === undefined || folder === undefined || positionals.length > 2) return refuse(usage);
  if (!fixtureWhyForm.test(why))
    return refuse(
      `--why wants one sentence of 20 to 150 characters, which begins with a capital letter and has its only full stop at the end.\n${usage}`,
    );
  const untilMs = values.until === undefined ? Infinity : secondsMs(values.until);
  if (untilMs === null) return refuse(`--until wants seconds, such as 12.5, and not "${values.until}".\n${usage}`);
  const [linesPath, audioPath] = [join(folder, 'call.jsonl'), join(folder, 'call.audio')];
  const obstacle = inTheWay(folder, ['call.jsonl']);
  if (obstacle !== null) return refuse(obstacle);

  const record = readLogFiles(namedLog(path, terminal));
  const scrubbed = scrub(record, { why, keepsAudio, untilMs }, standardAudioPath);
  if (scrubbed.leaks.length > 0) {
    complain('Nothing is written, because something of the original was left:');
    for (const { line, value } of scrubbed.leaks) complain(`  line ${line}: ${value}`);
    return 1;
  }
  const fault = writeFiles(folder, { 'call.audio': scrubbed.audio, 'call.jsonl': scrubbed.text });
  if (fault !== null) return refuse(fault);
  const { steps, durationMs } = scrubbed;
  print(`${linesPath} and ${audioPath} hold the call: ${steps} steps, ${seconds(durationMs)} s.`);
  if (durationMs > fixtureMsMax)
    print(
      `That is too long for fixtures/calls, where npm test takes at most ${fixtureMsMax / 1000} s: cut it with --until.`,
    );
  if (record.audioIsMissing) print('Audio that was dropped when the log was written stands in it as silence.');
  for (const line of differenceLines(scrubbed.differences)) print(line);
  print(`The canary looked for ${scrubbed.knownCount} words, numbers and ids of the original: none is left.`);
  print(
    keepsAudio
      ? 'The voices were kept: whoever has the files can hear them.'
      : 'The voices are synthetic: when somebody speaks can be heard, and not what is said.',
  );
  return 0;
}

function differenceLines(differences: readonly ScrubDifference[]): string[] {
  if (differences.length === 0) return ['The call orders the same as before, but for the words.'];
  return [
    `Beyond words, the call orders something else than before at ${differences.length} of its steps:`,
    ...differences.map(({ line, event, recorded, scrubbed }) => {
      const [was, is] = [effectNames(recorded), effectNames(scrubbed)];
      const what = was === is ? `${was}, with other figures` : `${was} before, ${is} here`;
      return `  line ${line}, ${seconds(event.atMs)} s, on ${event.type}: ${what}`;
    }),
  ];
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(2);
}

/** Milliseconds, or null for what is no number of seconds. */
function secondsMs(text: string): number | null {
  return /^\d{1,6}(?:\.\d+)?$/.test(text) ? Number(text) * 1000 : null;
}

export const scrubCommand: Command = { usage, run: main };

if (import.meta.main) await startCommand(scrubCommand);
