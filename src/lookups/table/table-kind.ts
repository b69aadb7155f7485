import { ParleyError } from '../../errors.ts';
import { createRecordLookup, preparedTable, type SearchableTable } from '../../tools/lookup-record.ts';
import type { LookupTable } from '../../tools/lookup-table.ts';
import type { ToolLog } from '../../tools/tool.ts';
import type { LookupKind, LookupOptions, OpenLookup } from '../lookup-kind.ts';
import { fileState, watchFiles } from './file-watch.ts';
import { tableFields } from './table-fields.ts';
import { readTables } from './table-files.ts';

/** `table`: records in files, found by any way to say or write a value. The files are read again when they change. */
export const tableKind: LookupKind<typeof tableFields> = {
  fields: tableFields,
  lane: () => 'files',
  open: async (options, { file, files = [] }, { path, log }) =>
    openTable(options, [...(file === undefined ? [] : [file]), ...files].map(path), log),
};

/** Opens files as one table. Throws `tools.fileInvalid` with a sentence for each file that cannot be used. */
export function openTable(options: LookupOptions, paths: readonly string[], log: ToolLog, lookMs?: number): OpenLookup {
  const { name, description, timeoutMs } = options;
  // The watch begins before the files are read, so that no change falls in between.
  const watch = watchFiles(paths, () => readAgain(), lookMs);
  let current: SearchableTable;
  try {
    current = preparedTable(readTables(paths));
  } catch (error) {
    watch.close();
    throw error;
  }
  const { columns } = current;
  const readAgain = (): void => {
    const outcome = reread(paths);
    if (outcome === null) return;
    // A file that is wrong costs its changes and nothing else: callers are better served by what was right an hour ago.
    if (typeof outcome === 'string') return log('tableKept', { tool: name, problem: outcome });
    current = preparedTable(outcome);
    log('tableReadAgain', { tool: name, records: outcome.records.length });
    // The model has been told the columns, and is told again when the service starts.
    if (current.columns.join('\n') !== columns.join('\n')) {
      log('tableColumnsChanged', { tool: name, hint: 'The model is told the new columns with the next start.' });
    }
  };
  const table = (): SearchableTable => current;
  return {
    tools: [createRecordLookup({ name, description, columns, table, ...(timeoutMs === null ? {} : { timeoutMs }) })],
    warnings: [],
    close: async () => watch.close(),
  };
}

/** The new table, or why there is none. Null when a file changed while it was read: the watch will come back to it. */
function reread(paths: readonly string[]): LookupTable | string | null {
  try {
    const before = fileState(paths);
    const outcome = tableOrProblem(paths);
    return fileState(paths) === before ? outcome : null;
  } catch (error) {
    return String(error);
  }
}

function tableOrProblem(paths: readonly string[]): LookupTable | string {
  try {
    return readTables(paths);
  } catch (error) {
    if (error instanceof ParleyError) return error.message;
    throw error;
  }
}
