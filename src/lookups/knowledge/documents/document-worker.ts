import { parentPort } from 'node:worker_threads';

import { readRegularFile } from '../../../system/files/regular-file.ts';
import { fileBytesMax } from '../folder/scan-folder.ts';
import { preparePassages } from '../search/prepare-passages.ts';
import type { DocumentAnswer, ReadJob } from './read-job.ts';
import { readDocument } from './read-document.ts';

// The thread that reads documents. What a document does to it, an endless loop or a gigabyte of zeros, ends with the thread.

parentPort?.on('message', (job: ReadJob) => void answer(job));

async function answer(job: ReadJob): Promise<void> {
  parentPort?.postMessage(await answerTo(job), []);
}

async function answerTo({ path, format, language, passagesMax }: ReadJob): Promise<DocumentAnswer> {
  try {
    // It may be another one than was found.
    const bytes = await readRegularFile(path, fileBytesMax);
    if (typeof bytes === 'string') return { kind: 'unreadable', why: `${bytes}.` };
    const outcome = await readDocument(bytes, format);
    if (outcome.kind === 'unreadable') return outcome;
    return {
      kind: 'read',
      document: preparePassages(outcome.document, language, passagesMax),
      warnings: outcome.warnings,
    };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return { kind: 'unreadable', why: `cannot be read (${code}).` };
  }
}
