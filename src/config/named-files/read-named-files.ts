import { parseHolidays } from '../../agents/hours/holidays.ts';
import type { Holiday } from '../../agents/hours/schedule.ts';
import type { PriceTable } from '../../call/usage.ts';
import type { NamedPrompt } from '../context-variables.ts';
import { credentialsProblems } from './credentials-file.ts';
import { promptCharactersMax } from '../environment.ts';
import { fileProblem, readNamedFile, type ReadTextFile } from './named-file.ts';
import { settingPath } from '../package-folder.ts';
import { parsePriceTable } from './price-table.ts';
import { builtInPrices } from '../prices.ts';
import { defaultPrompt } from '../system-instruction.ts';

/** Price tables and key files are a few thousand characters long. */
const jsonCharactersMax = 100_000;

type Given = ReadonlyMap<string, string>;

/** The holidays of a country for thirty years. */
const holidayCharactersMax = 50_000;

/** What files that settings name come to. */
export interface NamedFiles {
  readonly prompt: NamedPrompt;
  /** Null where no file names any. */
  readonly holidays: readonly Holiday[] | null;
  readonly prices: PriceTable;
  readonly problems: readonly string[];
}

/** Reads the files that settings name, or takes what stands in for them. */
export function readNamedFiles(given: Given, readTextFile: ReadTextFile): NamedFiles {
  const prompt = readPrompt(given, readTextFile);
  const prices = readPrices(given, readTextFile);
  const holidays = readHolidays(given, readTextFile);
  const problems = [
    ...prompt.problems,
    ...holidays.problems,
    ...prices.problems,
    ...credentialsFileProblems(given, readTextFile),
  ];
  return { prompt: prompt.prompt, holidays: holidays.holidays, prices: prices.table, problems };
}

function readPrompt(given: Given, readTextFile: ReadTextFile): { prompt: NamedPrompt; problems: string[] } {
  const path = pathOf(given, 'AGENT_PROMPT_FILE');
  if (path === undefined) {
    return { prompt: { name: 'AGENT_PROMPT', text: given.get('AGENT_PROMPT') ?? defaultPrompt }, problems: [] };
  }
  const name = 'AGENT_PROMPT_FILE';
  const file = readNamedFile(name, path, promptCharactersMax, readTextFile);
  if ('problem' in file) return { prompt: { name, text: '' }, problems: [file.problem] };
  return { prompt: { name, text: file.text.trim() }, problems: [] };
}

function readHolidays(
  given: Given,
  readTextFile: ReadTextFile,
): { holidays: readonly Holiday[] | null; problems: string[] } {
  const name = 'HOLIDAYS_FILE';
  const path = pathOf(given, name);
  if (path === undefined) return { holidays: null, problems: [] };
  const file = readNamedFile(name, path, holidayCharactersMax, readTextFile);
  if ('problem' in file) return { holidays: null, problems: [file.problem] };
  // A file of one date counts lines as well.
  const read = parseHolidays(`${file.text}\n`);
  if ('holidays' in read) return { holidays: read.holidays, problems: [] };
  return { holidays: null, problems: read.problems.map((what) => `${name} names ${path}, which ${what}`) };
}

function readPrices(given: Given, readTextFile: ReadTextFile): { table: PriceTable; problems: string[] } {
  const path = pathOf(given, 'PRICE_TABLE_FILE');
  if (path === undefined) return { table: builtInPrices, problems: [] };
  const file = readNamedFile('PRICE_TABLE_FILE', path, jsonCharactersMax, readTextFile);
  if ('problem' in file) return { table: builtInPrices, problems: [file.problem] };
  const read = parsePriceTable(file.text);
  if ('prices' in read) return { table: read.prices, problems: [] };
  return { table: builtInPrices, problems: read.problems.map((what) => fileProblem('PRICE_TABLE_FILE', path, what)) };
}

/** Only Vertex AI signs in with the file, and other programs use the variable as well. */
function credentialsFileProblems(given: Given, readTextFile: ReadTextFile): string[] {
  const name = 'GOOGLE_APPLICATION_CREDENTIALS';
  const path = pathOf(given, name);
  if (path === undefined || given.get('GOOGLE_GENAI_USE_VERTEXAI') !== 'true') return [];
  const file = readNamedFile(name, path, jsonCharactersMax, readTextFile);
  if ('problem' in file) return [file.problem];
  return credentialsProblems(file.text).map((what) => fileProblem(name, path, what));
}

function pathOf(given: Given, name: string): string | undefined {
  const path = given.get(name);
  return path === undefined ? undefined : settingPath(path);
}
