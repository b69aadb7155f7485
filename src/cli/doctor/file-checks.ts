import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Config } from '../../config/config.ts';
import { errors, ParleyError } from '../../errors.ts';
import { journalFiles } from '../../store/sqlite/worker-journal.ts';
import { readLookupTable } from '../../tools/lookup-file.ts';
import { judgeDestinations, judgeFallback, judgePrompt } from './agent-findings.ts';
import { type Check, type Finding, ok, warning, wrong } from './check.ts';
import type { Scene } from './scene.ts';

const quick = { group: 'files', isOffline: true, msMax: 5_000 } as const;

/** What the agent works with, and where callers go without it. What AGENTS_FILE says of that is told of each agent. */
export const fileChecks: readonly Check[] = [
  { ...quick, name: 'prompt', run: oneAgent(({ agent }) => judgePrompt(agent.prompt, 'AGENT_PROMPT_FILE')) },
  { ...quick, name: 'lookup file', run: readLookup },
  { ...quick, name: 'tools', needs: ['lookup file'], msMax: 40_000, run: openTools },
  {
    ...quick,
    name: 'transfer',
    run: oneAgent(({ transferDestinations, twilio }) => judgeDestinations(transferDestinations, twilio)),
  },
  { ...quick, name: 'fallback', run: oneAgent(({ fallback }) => judgeFallback(fallback)) },
  { ...quick, name: 'journal', run: judgeJournal },
  { ...quick, name: 'recordings', run: judgeRecordings },
  { group: 'files', name: 'database', msMax: 15_000, run: judgeDatabase },
];

/** Judges the agent of the environment, where there are no others. */
function oneAgent(judge: (config: Config) => Finding): Check['run'] {
  return ({ config }) => (config.agentsFile === null ? [judge(config)] : []);
}

function readLookup({ config: { lookupFile } }: Scene): Finding[] {
  if (lookupFile === null) return [ok('none is set, so there is no tool lookup_record.')];
  try {
    const { records, columns } = readLookupTable(lookupFile);
    return [ok(`${records.length} records, with ${columns.join(', ')}.`)];
  } catch (error) {
    if (!(error instanceof ParleyError)) throw error;
    return [wrong(error.message, 'Correct the file, or name another in LOOKUP_FILE.')];
  }
}

/** Opens all tools as a service does, and asks none of them anything. */
async function openTools(scene: Scene): Promise<Finding[]> {
  const advice = 'Correct what the line names; docs/tools.md tells what tools files and folders hold.';
  try {
    const { tools, searches, warnings } = await scene.openTools();
    const names = [...tools.keys(), ...searches].join(', ');
    return [ok(`the agent has ${names}.`), ...warnings.map((line) => warning(line, advice))];
  } catch (error) {
    if (!(error instanceof ParleyError)) throw error;
    return error.message.split('\n').map((line) => wrong(line, advice));
  }
}

async function judgeJournal({ config: { journal, workers } }: Scene): Promise<Finding[]> {
  if (journal.database !== null) return [ok('in the database of DATABASE_URL.')];
  if (journal.file === null)
    return [
      warning(
        'JOURNAL_FILE is off: calls do not survive a restart.',
        'Take JOURNAL_FILE out of .env, unless that is meant.',
      ),
    ];
  const folder = firstThere(dirname(journal.file));
  const files = journalFiles(journal.file, workers);
  try {
    for (const file of files) accessSync(isThere(file) ? file : folder, constants.W_OK);
    if (!statSync(folder).isDirectory()) throw new RangeError(`${folder} is no folder.`);
  } catch {
    return [
      wrong(
        `${journal.file} cannot be written.`,
        `Give the user that runs Parley the right to write there: chown, or another JOURNAL_FILE.`,
      ),
    ];
  }
  const found = (await Promise.all(files.map(journalTrouble))).filter((trouble) => trouble !== null);
  return found.length > 0 ? found : [ok(`${journal.file}${workers === null ? '' : ', one for each worker'}.`)];
}

/** What cannot be recorded is no fault that a caller would notice. */
function judgeRecordings({ config: { recordDir } }: Scene): Finding[] {
  if (recordDir === null) return [ok('RECORD_DIR is not set, so no sound of calls is kept.')];
  try {
    const folder = firstThere(recordDir);
    if (!statSync(folder).isDirectory()) throw new RangeError(`${folder} is no folder.`);
    accessSync(folder, constants.W_OK);
    return [ok(`${recordDir}.`)];
  } catch {
    return [
      warning(
        `${recordDir} cannot be written: calls are answered, and not recorded.`,
        'Give the user that runs Parley the right to write there: chown, or another RECORD_DIR.',
      ),
    ];
  }
}

/** The folder, or the first above it that is there, in which it would be made. */
function firstThere(path: string): string {
  let folder = path;
  while (!existsSync(folder) && folder !== dirname(folder)) folder = dirname(folder);
  return folder;
}

/** Throws where the way to it is barred. */
function isThere(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false }) !== undefined;
}

/** Why a file that can be written is no journal, and will not be one. */
async function journalTrouble(file: string): Promise<Finding | null> {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat?.isFile() === false) return wrong(`${file} is not a file.`, 'Name a file in JOURNAL_FILE.');
  if (stat === undefined || stat.size === 0) return null;
  const { examineJournalFile } = await import('../../store/sqlite/examine-file.ts');
  try {
    examineJournalFile(file);
    return null;
  } catch (error) {
    if (!(error instanceof ParleyError)) throw error;
    return refusedJournal(file, error);
  }
}

function refusedJournal(file: string, { code, message }: ParleyError): Finding {
  if (code === 'journal.corrupt')
    return wrong(
      `${file} is damaged: at its start Parley moves it aside, and begins a new one.`,
      'Check the disk. docs/journal.md says how to rescue what is in the file.',
    );
  if (code === 'journal.otherVersion')
    return wrong(`${file} cannot be written: ${message} Calls go on without a journal.`, errors[code].remedy);
  if (code === 'journal.locked')
    return wrong(
      `${file} is held by another program. Until that lets go, calls go on without a journal.`,
      errors[code].remedy,
    );
  return wrong(
    `${file} cannot be used: ${message}`,
    'If it is another file of yours, name one of its own in JOURNAL_FILE. Else see docs/journal.md.',
  );
}

async function judgeDatabase({ config: { journal } }: Scene): Promise<Finding[]> {
  if (journal.database === null) return [];
  const { examinePostgres } = await import('../../store/postgres/examine-postgres.ts');
  try {
    const isReady = await examinePostgres(journal.database);
    return [
      ok(isReady ? 'it holds the tables of the journal.' : 'its tables are made or brought up to date at the start.'),
    ];
  } catch (error) {
    if (!(error instanceof ParleyError)) throw error;
    return [
      wrong(error.message, 'Correct DATABASE_URL or the database: docs/journal.md#in-postgresql says what it wants.'),
    ];
  }
}
