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
import { agentText } from '../store/history/agent-words.ts';
import { callLines, storyLines } from './history/call-lines.ts';
import { findCalls, namesCall } from './history/find-calls.ts';
import { openHistory } from './history/journal-place.ts';
import { recordedAudioPath, recordedComfortPrints } from '../console/recording/recorded-sounds.ts';
import { saveCall } from '../console/recording/save-call.ts';
import { type TimelineMeans, usualMeans } from '../console/recording/timeline-setup.ts';
import { logPathOf, readLogFiles } from './replay/files.ts';
import { demoLog, recordedLog } from './replay/named-log.ts';
import { type Command, startCommand, type Terminal } from './terminal/terminal.ts';

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
async function main(terminal: Terminal): Promise<number> {
  const { args, env, print, complain } = terminal;
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { html: { type: 'boolean' }, wav: { type: 'string' } },
    allowPositionals: true,
  });
  const [named, page] = positionals;
  if (named === undefined || positionals.length > (values.html === true ? 2 : 1)) {
    complain(usage);
    return 2;
  }
  const given = demoLog(named, terminal) ?? named;
  const isCall = !existsSync(given) && namesCall(given, Date.now());
  if (!isCall && !existsSync(given) && !/[./]/.test(given))
    throw new ParleyError('log.invalid', `"${given}" names no call: give a call log, a CallSid, a time or a number.`);
  const usual = usualMeans(namedPath(env, 'FILLER_PHRASE_FILE'));
  const found = isCall ? await lookUp(given, terminal) : { path: logPathOf(given), model: null };
  if (found === null) return 0;
  const { path } = found;
  const means = { ...usual, model: found.model ?? usual.model };
  if (values.html !== true && values.wav === undefined) {
    for (const line of tale(path, means)) print(line);
    return 0;
  }
  const target = page ?? path.replace(/(?:\.jsonl)?$/, '.html');
  const files = [
    ...(values.html === true ? [{ form: 'file', target, words: 'Open it with a browser' } as const] : []),
    ...(values.wav === undefined ? [] : [{ form: 'wav', target: values.wav, words: 'Listen to it' } as const]),
  ];
  for (const { form, target: file, words } of files) {
    await saveCall(path, form, file, means);
    print(`${words}: ${file}`);
  }
  return 0;
}

/** Tells what the journal knows of a call. Returns the path of its log and its model, or null when there is nothing more to tell. */
async function lookUp(
  named: string,
  { env, print }: Terminal,
): Promise<{ readonly path: string; readonly model: string | null } | null> {
  const history = openHistory(env);
  try {
    const { calls, note, missing } = await findCalls(history, named, Date.now());
    const [call, ...others] = calls;
    if (call === undefined)
      throw new ParleyError(
        'log.invalid',
        missing ?? `No call was found for "${named}". npm run calls lists those that are kept.`,
      );
    if (note !== null) print(note);
    const log = recordedLog(env, call.callSid);
    const story = log === null ? await history.find(call.callSid) : null;
    (story === null ? callLines(call) : storyLines(story)).forEach((line) => print(line));
    print('');
    if (log === null)
      print('There is no recording. With RECORD_DIR set, calls leave a log with all that happened and their sound.');
    if (others.length > 0)
      print(
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

/** Its story and its figures, in lines. */
function* tale(path: string, means: TimelineMeans): Generator<string> {
  const record = readLogFiles(path);
  const { header, steps } = record;
  const story = new Story(mulawCodec, recordedComfortPrints(header));
  yield broken(`Call ${header.callSid}, ${header.startedAt}, ${seconds(steps.at(-1)?.event.atMs ?? 0)}`);
  if (header.agent !== undefined) yield broken(`Answered by ${agentText(header.agent.name)}.`);
  if (header.why !== undefined) yield broken(header.why);
  yield '';
  for (const { event, effects } of steps) yield* story.take(event, effects).map(storyLine);
  yield '';
  yield* figures(record, story, means);
}

function* figures(record: RecordedCall, story: Story, means: TimelineMeans): Generator<string> {
  const { prices, model, fillerPhraseFile } = means;
  const result = replay(record, recordedAudioPath(record.header, fillerPhraseFile) ?? standardAudioPath);
  const bills = callBills(record, prices, model);
  for (const [name, text] of [...callFigures(record, story, result), ...bills]) {
    yield broken(text, `${styleText('bold', name.padEnd(timeColumns))}  `, timeColumns + 2);
  }
  if (record.cut !== null) yield broken(`The log ends before its call: ${record.cut}.`);
  if (record.audioIsMissing)
    yield broken('Audio was dropped when this log was written: what it says of sound is less than there was.');
  if (result.divergence !== null || result.crash !== null) {
    const line = result.divergence?.line ?? result.crash?.line;
    yield broken(
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

function storyLine({ atMs, who, text }: StoryLine): string {
  const time = seconds(atMs).padStart(timeColumns);
  return broken(text, `${time}  ${styleText(colours[who], who.padEnd(whoColumns))}  `, timeColumns + whoColumns + 4);
}

/** A text behind its margin, broken at spaces, so that all of it stands to the right of the margin. */
function broken(text: string, margin = '', marginColumns = 0): string {
  const lines = [''];
  for (const word of text.replaceAll(/\s+/g, ' ').split(' ')) {
    const line = lines.at(-1) ?? '';
    const isFull = line !== '' && marginColumns + line.length + 1 + word.length > columnsMax;
    if (isFull) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return margin + lines.join(`\n${' '.repeat(marginColumns)}`);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

export const inspectCommand: Command = { usage, run: main };

if (import.meta.main) await startCommand(inspectCommand);
