import { filePrint } from '../../admin-file/file-print.ts';
import { PlaceWatch, type WatchPace } from '../../admin-file/place-watch.ts';
import { ParleyError } from '../../errors.ts';
import { systemClock } from '../../system/clock.ts';
import { createRecordLookup, preparedTable, type SearchableTable } from '../../tools/lookup-record.ts';
import type { LookupTable } from '../../tools/lookup-table.ts';
import type { ToolLog } from '../../tools/tool.ts';
import type { LookupKind, LookupOptions, OpenLookup } from '../lookup-kind.ts';
import { tableFields } from './table-fields.ts';
import { readTables } from './table-files.ts';

/** A look costs microseconds. A file that stood still for two seconds is not read half written, however slowly it comes over a network. */
const usualPace: WatchPace = { clock: systemClock, lookMs: 1_000, stillMs: 2_000 };

/** `table`: records in files, found by any way to say or write a value. The files are read again when they change. */
export const tableKind: LookupKind<typeof tableFields> = {
  fields: tableFields,
  lane: () => 'files',
  open: async (options, { file, files = [] }, { path, log }) =>
    openTable(options, [...(file === undefined ? [] : [file]), ...files].map(path), log),
};

/** Opens files as one table. Rejects with `tools.fileInvalid` and a sentence for each file that cannot be used. */
export async function openTable(
  options: LookupOptions,
  paths: readonly string[],
  log: ToolLog,
  pace: WatchPace = usualPace,
): Promise<OpenLookup> {
  const { name, description, timeoutMs } = options;
  // Before the files are read, so that no change falls in between.
  const known = await filePrint(paths);
  const first = readTables(paths);
  let current: SearchableTable = preparedTable(first);
  const { columns } = current;
  log('tableRead', { tool: name, records: first.records.length, columns: columns.length });
  const take = (table: LookupTable): void => {
    current = preparedTable(table);
    log('tableReadAgain', { tool: name, records: table.records.length });
    // The model has been told the columns, and is told again when the service starts.
    if (current.columns.join('\n') !== columns.join('\n')) {
      log('tableColumnsChanged', { tool: name, hint: 'The model is told the new columns with the next start.' });
    }
  };
  const watch = watchTables(paths, pace, (outcome) => {
    // A file that is wrong costs its changes and nothing else: callers are better served by what was right an hour ago.
    if (typeof outcome === 'string') log('tableKept', { tool: name, problem: outcome });
    else take(outcome);
  });
  watch.know(known);
  watch.start();
  const table = (): SearchableTable => current;
  return {
    tools: [createRecordLookup({ name, description, columns, table, ...(timeoutMs === null ? {} : { timeoutMs }) })],
    warnings: [],
    close: async () => watch.close(),
  };
}

/** Tells the new table, or why there is none, each time that files have changed. */
function watchTables(
  paths: readonly string[],
  pace: WatchPace,
  tell: (outcome: LookupTable | string) => void,
): PlaceWatch {
  const watch = new PlaceWatch(
    {
      print: async () => filePrint(paths),
      changed: async (print) => {
        const outcome = tableOrProblem(paths);
        // A file that changed while it was read is looked at again.
        if ((await filePrint(paths)) !== print) return;
        watch.know(print);
        tell(outcome);
      },
      broke: (error) => tell(String(error)),
    },
    pace,
  );
  return watch;
}

function tableOrProblem(paths: readonly string[]): LookupTable | string {
  try {
    return readTables(paths);
  } catch (error) {
    return error instanceof ParleyError ? error.message : String(error);
  }
}
