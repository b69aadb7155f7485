import { CsvError, parse } from 'csv-parse/sync';

import { checkSize, type LookupTable } from '../lookup-table.ts';

/**
 * A table from lines with a header. CSV is separated by commas, or by semicolons as many spreadsheets write; TSV by tabs. `complain` throws.
 */
export function parseLookupCsv(text: string, format: 'csv' | 'tsv', complain: (problem: string) => never): LookupTable {
  // Quotes mean nothing in TSV, unless they stand around a whole value as spreadsheets write it.
  const style = format === 'tsv' ? { delimiter: '\t', relax_quotes: true } : { delimiter: csvDelimiter(text) };
  const [header, ...rows] = readRows(text, style, complain);
  if (header === undefined) return complain('it is empty');
  const columns = header.values;
  checkSize({ columns, records: rows }, complain);
  for (const [index, column] of columns.entries()) {
    if (column === '') complain(`line ${header.line}: column ${index + 1} has no name`);
    if (columns.indexOf(column) < index) complain(`line ${header.line}: two columns are named "${column}"`);
  }
  for (const { line, values } of rows) {
    if (values.length !== columns.length) {
      complain(`line ${line}: it has ${values.length} values, and the header has ${columns.length}`);
    }
  }
  return { columns, records: rows.map(({ values }) => values) };
}

interface Row {
  /** Where the row ends. */
  readonly line: number;
  readonly values: readonly string[];
}

function csvDelimiter(text: string): string {
  const headerLine = /^.*/.exec(text)?.[0] ?? '';
  return headerLine.includes(';') && !headerLine.includes(',') ? ';' : ',';
}

function readRows(
  text: string,
  style: { readonly delimiter: string; readonly relax_quotes?: boolean },
  complain: (problem: string) => never,
): Row[] {
  const rows: Row[] = [];
  try {
    parse(text, {
      bom: true,
      ...style,
      // Rows of another length are found above, where the message can say so plainly.
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      on_record: (values: string[], { lines }) => {
        rows.push({ line: lines, values });
        return null;
      },
    });
  } catch (error) {
    // The parser's own words would show what stands in the file.
    if (error instanceof CsvError) return complain(`line ${String(error['lines'])}: a quotation mark is out of place`);
    throw error;
  }
  return rows;
}
