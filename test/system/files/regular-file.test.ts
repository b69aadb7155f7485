import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { readToolsFile } from '../../../src/lookups/tools-file/read-tools-file.ts';
import { DocumentReader } from '../../../src/lookups/knowledge/documents/document-reader.ts';
import { openSqlite } from '../../../src/lookups/sql/sqlite/sqlite-database.ts';
import { readFillerPhrase } from '../../../src/sounds/comfort-sounds.ts';
import { readRegularFile, readRegularFileSync } from '../../../src/system/files/regular-file.ts';
import { readLookupTable } from '../../../src/tools/lookup-file.ts';
import { readAgents } from '../../agents/file/read-scene.ts';
import { pipeFile } from '../../pipe-file.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

/** A device that gives zeros without an end. */
const zeros = '/dev/zero';

const noFile = 'is no file, but a pipe or a device';

describe.each([
  ['at once', readRegularFileSync],
  ['meanwhile', readRegularFile],
])('a file that is read %s', (_how, read) => {
  test('gives its bytes, or what is wrong with it', async (context) => {
    const folder = temporaryFolder(context);
    const path = join(folder, 'four');
    writeFileSync(path, 'four');
    expect(await read(path, 4)).toEqual(Buffer.from('four'));
    expect(await read(path, 3)).toBe('holds 4 bytes; it wants at most 3');
    expect(await read(join(folder, 'none'), 4)).toBe('cannot be read: it does not exist');
    mkdirSync(join(folder, 'below'));
    expect(await read(join(folder, 'below'), 1_000_000)).toBe('cannot be read: it is a folder');
  });

  test('is no pipe and no device, which have no end', async (context) => {
    expect(await read(pipeFile(context, 'pipe'), 4)).toBe(noFile);
    expect(await read(zeros, 4)).toBe(noFile);
  });
});

describe('a pipe or a device keeps nobody waiting', () => {
  test('that an agents file names', async (context) => {
    for (const path of [pipeFile(context, 'prompt.txt'), zeros]) {
      const text = `agents:\n  all:\n    default: true\n    prompt: { file: ${path} }\n`;
      const { problems } = await readAgents({ 'agents.yaml': text });
      expect(problems).toEqual([`agents.yaml:4:15 agents.all.prompt.file names ${path}, which ${noFile}.`]);
    }
  });

  test('that is a tools file, a table, a sound, a database or a document', async (context) => {
    expect(readToolsFile(zeros, { env: {} }).problems).toEqual([`TOOLS_FILE names ${zeros}, which ${noFile}.`]);
    expect(() => readLookupTable(pipeFile(context, 'orders.csv'))).toThrow(noFile);
    expect(() => readFillerPhrase(zeros)).toThrow(noFile);
    const query = { texts: ['SELECT 1'], places: [] };
    expect(() => openSqlite(pipeFile(context, 'shop.db'), query, { rowsMax: 1, timeoutMs: 100 })).toThrow('is no file');
    const reader = new DocumentReader();
    const job = { path: pipeFile(context, 'manual.md'), format: 'markdown', language: null, passagesMax: 10 } as const;
    expect(await reader.read(job)).toEqual({ kind: 'unreadable', why: `${noFile}.` });
    await reader.rest();
  });
});
