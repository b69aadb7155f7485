import { readUtf8 } from '../encoding/utf8.ts';
import { ParleyError } from '../errors.ts';
import { readRegularFileSync } from '../system/files/regular-file.ts';
import { parseLookupCsv } from './formats/lookup-csv.ts';
import { parseLookupJson } from './formats/lookup-json.ts';
import type { LookupTable } from './lookup-table.ts';

/** The file is held in memory and read before the first call; larger data belongs in a tool that asks a database. */
const fileBytesMax = 10_000_000;

/**
 * Reads a CSV or TSV file with a header, or a JSON file with an array of flat objects. Throws `lookup.fileInvalid`, which names
 * the file and, where there is one, the line.
 */
export function readLookupTable(path: string): LookupTable {
  return parseLookupTable(readText(path), path);
}

/** The table in a file's text; `path` tells the format and stands in messages. Throws `lookup.fileInvalid`. */
export function parseLookupTable(text: string, path: string): LookupTable {
  const complain = (problem: string): never => fail(path, problem);
  const table = parse(text, /\.[^.]*$/.exec(path)?.[0].toLowerCase() ?? '', complain);
  if (table.records.length === 0) fail(path, 'it holds no records');
  return table;
}

function parse(text: string, extension: string, complain: (problem: string) => never): LookupTable {
  switch (extension) {
    case '.csv':
      return parseLookupCsv(text, 'csv', complain);
    case '.tsv':
      return parseLookupCsv(text, 'tsv', complain);
    case '.json':
      return parseLookupJson(text, complain);
    default:
      return complain('its name ends neither in .csv, .tsv nor .json');
  }
}

function readText(path: string): string {
  const bytes = readRegularFileSync(path, fileBytesMax);
  if (typeof bytes === 'string') throw new ParleyError('lookup.fileInvalid', `The lookup file ${path} ${bytes}.`);
  const read = readUtf8(bytes);
  return 'text' in read ? read.text : fail(path, `it is not UTF-8 in line ${read.badLine}; save it as "CSV UTF-8"`);
}

function fail(path: string, problem: string): never {
  throw new ParleyError('lookup.fileInvalid', `The lookup file ${path} cannot be used: ${problem}.`);
}
