import { z } from 'zod';

/** As many as somebody keeps in a folder by hand. */
const filesMax = 20;

const path = z.string().min(1);

/** What an entry of kind `table` says: the file in which the records stand, or several that are searched as one. */
export const tableFields = z
  .strictObject({
    file: path.optional().describe('A CSV, TSV or JSON file.'),
    files: z.array(path).min(1).max(filesMax).optional().describe('Several such files, searched together.'),
  })
  .refine(({ file, files }) => (file === undefined) !== (files === undefined), {
    error: 'wants either one file or a list of files',
  });
