import { writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pdfFile } from '../../../test/lookups/knowledge/pdf-file.ts';
import { writeLargeFolder } from '../../knowledge/large-folder.ts';
import type { LoadSetup, ToolLoad } from '../tool-load.ts';

/** One that does not answer then is ended three seconds later, before the load has to be over. */
const timeoutMs = 1_000;

const pdfPages = 300;
const pageLines = 40;
const pageLine = 'The valve of the boiler is turned to the left before the pump is filled with water.';
const passages = 10_000;

/** What lookups without code may do to their process. */
export const lookups: readonly ToolLoad[] = [
  {
    name: 'an endless query',
    prepare: (folder) => {
      const database = join(folder, 'empty.db');
      new DatabaseSync(database).close();
      const query = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i <> :last) SELECT max(i) AS found FROM n`;
      const parameters = { last: { type: 'integer', description: 'The last number, which never comes below 1.' } };
      const entry = { kind: 'sql', description: 'A load.', database, query, parameters, timeout_ms: timeoutMs };
      return {
        lookups: { endless_query: entry },
        call: { tool: 'endless_query', args: (count) => ({ last: -count }) },
      };
    },
  },
  {
    name: `reading a PDF of ${pdfPages} pages`,
    prepare: (folder) =>
      reading('find_in_pdf', folder, (marker) => {
        const page = Array.from({ length: pageLines }, () => ({ text: pageLine }));
        const last = [{ text: markerLine(marker) }];
        writeFileSync(join(folder, 'handbook.pdf'), pdfFile([...Array.from({ length: pdfPages }, () => page), last]));
      }),
  },
  {
    name: `indexing ${passages} passages`,
    prepare: (folder) =>
      reading('find_in_passages', folder, (marker, seed) => {
        writeLargeFolder(join(folder, 'parts'), passages, seed);
        writeFileSync(join(folder, 'marker.md'), `# Marker\n\n${markerLine(marker)}\n`);
      }),
  },
];

/** A folder of documents that is written anew, each time with another word in it, and so read again. */
function reading(tool: string, folder: string, write: (marker: string, seed: number) => void): LoadSetup {
  mkdirSync(folder, { recursive: true });
  write('mark0', 0);
  return {
    lookups: { [tool]: { kind: 'knowledge', description: 'A load.', folder } },
    call: { tool, args: (count) => ({ question: `Where is mark${count}?`, terms: '' }) },
    begin: (count) => {
      write(`mark${count}`, count);
      return `mark${count} `;
    },
  };
}

/** The one passage that tells which version of a folder was read. */
function markerLine(marker: string): string {
  return `The word ${marker} stands here and nowhere else.`;
}
