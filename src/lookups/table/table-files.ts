import { ParleyError } from '../../errors.ts';
import { readLookupTable } from '../../tools/lookup-file.ts';
import { checkSize, type LookupTable } from '../../tools/lookup-table.ts';

/**
 * Reads files as one table, whose columns are those of all of them: a record lacks the columns of other files. Throws `tools.fileInvalid`,
 * which names every file that cannot be used, with its line.
 */
export function readTables(paths: readonly string[]): LookupTable {
  const problems: string[] = [];
  const tables = paths.flatMap((path) => {
    try {
      return [readLookupTable(path)];
    } catch (error) {
      if (!(error instanceof ParleyError)) throw error;
      problems.push(error.message);
      return [];
    }
  });
  if (problems.length > 0) throw new ParleyError('tools.fileInvalid', problems.join('\n'));
  return joined(tables);
}

function joined(tables: readonly LookupTable[]): LookupTable {
  const [only, ...others] = tables;
  if (only !== undefined && others.length === 0) return only;
  const columns = [...new Set(tables.flatMap((table) => table.columns))];
  checkSize({ columns, records: tables.flatMap((table) => table.records) }, (problem) => {
    throw new ParleyError('tools.fileInvalid', `The lookup file cannot be used together with the others: ${problem}.`);
  });
  const records = tables.flatMap((table) => {
    const places = columns.map((column) => table.columns.indexOf(column));
    return table.records.map((values) => places.map((place) => values[place] ?? ''));
  });
  return { columns, records };
}
