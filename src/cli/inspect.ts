import { existsSync } from 'node:fs';
import { parseArgs, styleText } from 'node:util';
import { namedPath } from '../config/load-settings.ts';
import { callBills } from '../calllog/call-bills.ts';
import { callFigures } from '../calllog/call-figures.ts';
import type { RecordedCall } from '../calllog/read-log.ts';
import { replay } from '../calllog/replay.ts';
import { Story } from '../calllog/story.ts';
import type { StoryLine } from '../calllog/story-line.ts';
import { mulawCodec } from '../sounds/mulaw-codec.ts';
import { standardAudioPath } from '../sounds/standard-audio-path.ts';
import { ParleyError } from '../errors.ts';
import { helpIfAsked } from './help.ts';
import { callLines, storyLines } from './history/call-lines.ts';
import { findCalls, namesCall } from './history/find-calls.ts';
import { openHistory, recordedLog } from './history/journal-place.ts';
import { recordedAudioPath, recordedComfortPrints } from '../console/recording/recorded-sounds.ts';
import { saveCall } from '../console/recording/save-call.ts';
import { type TimelineMeans, usualMeans } from '../console/recording/timeline-setup.ts';
import { logPathOf, readLogFiles, runCommand } from './replay/files.ts';

const usage = `Usage: npm run inspect -- <call>
  Tells one call: why it ended as it did, then its story and its figures. <call> is one of:
    a call log           <name>.jsonl, or its folder
    a CallSid            CA and 32 letters and digits
    a time               15:04, "yesterday 15:04" or "2026-11-27 15:04", at which the call began or was going on
    a number             some digits of it: its latest call
  Without a call log in RECORD_DIR it tells what the journal knows.
  --html [FILE]   writes it as a page for any browser instead, all in one file: FILE, or one beside the log
  --wav FILE      writes its sound instead: left the caller, right what the caller heard of the agent`;

/** Wide enough for a sentence, and as wide as most terminals. */
const columnsMax = 100;

/** Calls that were meant as well, maybe. */
const othersMax = 5;

const timeColumns = 9;
const whoColumns = 6;

/** Tells one call log as a story, then its figures, or writes it as a page or as sound. Exits with 2 when that cannot be done. */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { html: { type: 'boolean' }, wav: { type: 'string' } },
    allowPositionals: true,
  });
  const [given, page] = positionals;
  if (given === undefined || positionals.length > (values.html === true ? 2 : 1)) {
    console.error(usage);
    return 2;
  }
  const isCall = !existsSync(given) && namesCall(given, Date.now());
  if (!isCall && !existsSync(given) && !/[./]/.test(given))
    throw new ParleyError('log.invalid', `"${given}" names no call: give a call log, a CallSid, a time or a number.`);
  const usual = usualMeans(namedPath(process.env, 'FILLER_PHRASE_FILE'));
  const found = isCall ? await lookUp(given) : { path: logPathOf(given), model: null };
  if (found === null) return 0;
  const { path } = found;
  const means = { ...usual, model: found.model ?? usual.model };
  if (values.html !== true && values.wav === undefined) return tell(path, means);
  const target = page ?? path.replace(/(?:\.jsonl)?$/, '.html');
  const files = [
    ...(values.html === true ? [{ form: 'file', target, words: 'Open it with a browser' } as const] : []),
    ...(values.wav === undefined ? [] : [{ form: 'wav', target: values.wav, words: 'Listen to it' } as const]),
  ];
  for (const { form, target: file, words } of files) {
    await saveCall(path, form, file, means);
    console.log(`${words}: ${file}`);
  }
  return 0;
}

/** Tells what the journal knows of a call. Returns the path of its log and its model, or null when there is nothing more to tell. */
async function lookUp(named: string): Promise<{ readonly path: string; readonly model: string | null } | null> {
  const history = openHistory(process.env);
  try {
    const { calls, note, missing } = await findCalls(history, named, Date.now());
    const [call, ...others] = calls;
    if (call === undefined)
      throw new ParleyError(
        'log.invalid',
        missing ?? `No call was found for "${named}". npm run calls lists those that are kept.`,
      );
    if (note !== null) console.log(note);
    const log = recordedLog(process.env, call.callSid);
    const story = log === null ? await history.find(call.callSid) : null;
    (story === null ? callLines(call) : storyLines(story)).forEach((line) => console.log(line));
    console.log('');
    if (log === null)
      console.log(
        'There is no recording. With RECORD_DIR set, calls leave a log with all that happened and their sound.',
      );
    if (others.length > 0)
      console.log(
        `Others: ${others
          .slice(0, othersMax)
          .map(({ callSid }) => callSid)
          .join(', ')}`,
      );
    return log === null ? null : { path: log, model: call.agent };
  } finally {
    await history.close();
  }
}

function tell(path: string, means: TimelineMeans): number {
  const record = readLogFiles(path);
  const { header, steps } = record;
  const story = new Story(mulawCodec, recordedComfortPrints(header));
  printText(`Call ${header.callSid}, ${header.startedAt}, ${seconds(steps.at(-1)?.event.atMs ?? 0)}`);
  if (header.agent !== undefined) printText(`Answered by ${header.agent.name}.`);
  if (header.why !== undefined) printText(header.why);
  console.log('');
  for (const { event, effects } of steps) story.take(event, effects).forEach(printLine);
  console.log('');
  printFigures(record, story, means);
  return 0;
}

function printFigures(record: RecordedCall, story: Story, { prices, model, fillerPhraseFile }: TimelineMeans): void {
  const result = replay(record, recordedAudioPath(record.header, fillerPhraseFile) ?? standardAudioPath);
  const bills = callBills(record, prices, model);
  for (const [name, text] of [...callFigures(record, story, result), ...bills]) {
    print(`${styleText('bold', name.padEnd(timeColumns))}  `, timeColumns + 2, text);
  }
  if (record.cut !== null) printText(`The log ends before its call: ${record.cut}.`);
  if (record.audioIsMissing)
    printText('Audio was dropped when this log was written: what it says of sound is less than there was.');
  if (result.divergence !== null || result.crash !== null) {
    const line = result.divergence?.line ?? result.crash?.line;
    printText(
      `The seconds of sound are those of a replay, which leaves the record at line ${line}: see npm run replay.`,
    );
  }
}

const colours = {
  twilio: 'gray',
  caller: 'cyan',
  agent: 'green',
  model: 'blue',
  tool: 'yellow',
  parley: 'magenta',
} as const satisfies Record<StoryLine['who'], string>;

function printLine({ atMs, who, text }: StoryLine): void {
  const time = seconds(atMs).padStart(timeColumns);
  print(`${time}  ${styleText(colours[who], who.padEnd(whoColumns))}  `, timeColumns + whoColumns + 4, text);
}

function printText(text: string): void {
  print('', 0, text);
}

/** Prints a text behind its margin and breaks it at spaces, so that all of it stands to the right of the margin. */
function print(margin: string, marginColumns: number, text: string): void {
  const lines = [''];
  for (const word of text.replaceAll(/\s+/g, ' ').split(' ')) {
    const line = lines.at(-1) ?? '';
    const isFull = line !== '' && marginColumns + line.length + 1 + word.length > columnsMax;
    if (isFull) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  console.log(margin + lines.join(`\n${' '.repeat(marginColumns)}`));
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

helpIfAsked(usage);
await runCommand(usage, main);
